package io.relais.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the content of a file that is submitted comes from. */
public final class Source {
  /** Opens the content. */
  private interface Opener {
    InputStream open() throws IOException;
  }

  final boolean repeatable;
  private final Opener opener;

  private Source(boolean repeatable, Opener opener) {
    this.repeatable = repeatable;
    this.opener = opener;
  }

  /** A file, read as it is sent. */
  public static Source path(Path path) {
    return new Source(true, () -> Files.newInputStream(path));
  }

  /** Bytes. */
  public static Source bytes(byte[] content) {
    return new Source(true, () -> new ByteArrayInputStream(content));
  }

  /** A stream, which is read once and closed: a submission with it is never repeated. */
  public static Source stream(InputStream stream) {
    return new Source(false, () -> stream);
  }

  /** Fails as opening would, without reading. */
  void check() throws IOException {
    if (repeatable) {
      open().close();
    }
  }

  InputStream open() throws IOException {
    return opener.open();
  }
}
