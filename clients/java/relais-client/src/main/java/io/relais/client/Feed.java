package io.relais.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a stream tells, one after the other: is gone through once, by one thread, and is to be closed. Closing, also
 * by another thread, cancels the call; whoever waits for the next item then gets a CancellationException.
 *
 * @param <T> what is told
 */
public abstract class Feed<T> implements Iterable<T>, AutoCloseable {
  private final Link<?, ?> link;
  private final Items<T> items = new Items<T>() {
    @Override
    Iterator<T> fetch() {
      return Feed.this.fetch();
    }
  };

  Feed(Link<?, ?> link) {
    this.link = link;
  }

  /** What the next message has; null at the end. */
  abstract Iterator<T> fetch();

  /** The items that have not been taken yet. */
  @Override
  public Iterator<T> iterator() {
    return items;
  }

  /** The same as a stream; closing it closes this. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false).onClose(this::close);
  }

  @Override
  public void close() {
    link.close();
  }

  /** Items that come in parts. */
  abstract static class Items<T> implements Iterator<T> {
    private Iterator<T> part = Collections.emptyIterator();

    /** The next part; null at the end. */
    abstract Iterator<T> fetch();

    @Override
    public boolean hasNext() {
      while (part != null && !part.hasNext()) {
        part = fetch();
      }
      return part != null;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return part.next();
    }
  }
}
