package io.relais.client;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All items of a list method. A page is asked for when the one before has been gone through.
 *
 * @param <T> an item
 */
public final class Pages<T> implements Iterable<T> {
  private final Function<String, Message> read;
  private final Function<Message, List<T>> items;

  @SuppressWarnings("unchecked")
  <Q extends Message, R extends Message> Pages(
      Relais client, MethodDescriptor<Q, R> method, Q request, Function<R, List<T>> items) {
    read = token -> client.call(method, token == null ? request : Relais.with(request, "page_token", token));
    this.items = page -> items.apply((R) page);
  }

  @Override
  public Iterator<T> iterator() {
    return new Feed.Items<T>() {
      private String token;

      @Override
      Iterator<T> fetch() {
        if (token != null && token.isEmpty()) {
          return null;
        }
        Message answer = read.apply(token);
        token = (String) Relais.field(answer, "next_page_token");
        return items.apply(answer).iterator();
      }
    };
  }

  /** The same as a stream. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }
}
