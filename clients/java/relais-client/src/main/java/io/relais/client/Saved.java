package io.relais.client;

import java.nio.file.Path;

/** A file that was downloaded, whole and checked. */
public final class Saved {
  private final Path path;
  private final long bytes;
  private final String sha256;
  private final String mediaType;

  Saved(Path path, long bytes, String sha256, String mediaType) {
    this.path = path;
    this.bytes = bytes;
    this.sha256 = sha256;
    this.mediaType = mediaType;
  }

  /** Where it is; null when it was written to a stream. */
  public Path path() {
    return path;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  /** SHA-256 of its content, in lower-case hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** Media type as the upstream says; empty when it does not. */
  public String mediaType() {
    return mediaType;
  }
}
