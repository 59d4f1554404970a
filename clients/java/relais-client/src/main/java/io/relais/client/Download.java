package io.relais.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.relais.type.v1.FileMetadata;
import io.relais.type.v1.FileTrailer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Downloads of one method; the responses of all of them have the same fields. */
final class Download<Q extends Message, R extends Message> {
  private final Relais client;
  private final MethodDescriptor<Q, R> method;

  Download(Relais client, MethodDescriptor<Q, R> method) {
    this.client = client;
    this.method = method;
  }

  /** To a file, which appears whole or not at all; one that is there is replaced. */
  Saved to(Q request, Path path) {
    Path target = path.toAbsolutePath();
    try {
      // A new file like any other: one of createTempFile only its owner could read.
      Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        Saved saved = run(request, target, written -> true, () -> Files.newOutputStream(part));
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return saved;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw client.local(e);
    }
  }

  /** To a stream, which stays open; begun anew only while nothing has been written. */
  Saved to(Q request, OutputStream stream) {
    return run(request, null, written -> written == 0, () -> new Unclosed(stream));
  }

  /** Opens what is written to. */
  private interface Opener {
    OutputStream open() throws IOException;
  }

  private Saved run(Q request, Path path, Function<Long, Boolean> again, Opener opener) {
    long[] written = {0};
    Attempts attempts =
        new Attempts(client, Event.Kind.REPEAT, "", client.retry.attempts, Duration.ZERO, Duration.ZERO);
    return client.repeat(method, attempts, () -> again.apply(written[0]), wire -> {
      written[0] = 0;
      MessageDigest digest = sha256();
      try (OutputStream out = new DigestOutputStream(opener.open(), digest)) {
        wire.send(request, client.retry.progress);
        wire.halfClose();
        FileMetadata metadata = FileMetadata.getDefaultInstance();
        FileTrailer trailer = null;
        for (R part = wire.next(client.retry.progress); part != null; part = wire.next(client.retry.progress)) {
          Object value = part.getField(part.getOneofFieldDescriptor(part.getDescriptorForType().getOneofs().get(0)));
          if (value instanceof FileMetadata) {
            metadata = (FileMetadata) value;
          } else if (value instanceof FileTrailer) {
            trailer = (FileTrailer) value;
          } else {
            written[0] += ((ByteString) value).size();
            ((ByteString) value).writeTo(out);
          }
        }
        String sum = hex(digest);
        if (trailer == null || trailer.getSizeBytes() != written[0] || !trailer.getSha256().equals(sum)) {
          throw Status.DATA_LOSS.withDescription("the file is not whole, or not as it was").asRuntimeException();
        }
        return new Saved(path, written[0], sum, metadata.getMediaType());
      } catch (IOException e) {
        throw client.local(e);
      }
    });
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return String.format("%064x", new java.math.BigInteger(1, digest.digest()));
  }

  /**
   * A name within a folder for what an upstream calls a file: without folders, without characters that a file system
   * refuses, and not one of taken, to which it is added.
   */
  static String safeName(String name, Set<String> taken) {
    String base = name.replaceFirst("(?s)^.*[/\\\\]", "").replaceAll("[\\p{Cntrl}<>:\"|?*]", "_").replaceAll("[. ]+$", "");
    base = base.isEmpty() ? "file" : base.replaceFirst("(?i)^(CON|PRN|AUX|NUL|COM\\d|LPT\\d)(\\.|$)", "$1_$2");
    int dot = base.lastIndexOf('.') > 0 ? base.lastIndexOf('.') : base.length();
    String free = base;
    for (int n = 2; !taken.add(free.toLowerCase(java.util.Locale.ROOT)); n++) {
      free = base.substring(0, dot) + " (" + n + ")" + base.substring(dot);
    }
    return free;
  }

  /** A stream of the caller's, which the caller closes. */
  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
