package io.relais.client;

import com.google.protobuf.Message;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.Function;

/** The states of one resource until the one that ends it; heartbeats and equal states are dropped. No token is sent. */
class States<R extends Message, T extends Message> extends Feed<T> {
  private final Link<?, R> link;
  private final Function<R, T> state;
  private T last;

  States(Link<?, R> link, Function<R, T> state) {
    super(link);
    this.link = link;
    this.state = state;
  }

  @Override
  Iterator<T> fetch() {
    if (last != null && ended(last)) {
      close();
      return null;
    }
    R message = link.next();
    if (message == null) {
      link.ended();
      return Collections.emptyIterator();
    }
    received(message);
    T now = state.apply(message);
    if (now.equals(now.getDefaultInstanceForType()) || now.equals(last)) {
      return Collections.emptyIterator();
    }
    last = now;
    return Collections.singleton(now).iterator();
  }

  /** A message has come, a heartbeat perhaps. */
  void received(R message) { }

  /** Goes on to the last state, which it returns; an error has the one that was seen last. */
  T await() {
    try (States<R, T> open = this) {
      open.forEach(each -> { });
      return last;
    } catch (RelaisException e) {
      throw e.withLast(last);
    }
  }

  static boolean ended(Message state) {
    return (Boolean) Relais.field(state, "ended");
  }
}
