package io.relais.client;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The members of a set, live: first all of them, then changes, without end. Remembers their names only. Who applies
 * {@link Change#changed()} and {@link Change#removed()} to a map has the right set, whatever breaks meanwhile.
 *
 * @param <T> a member of the set
 */
public final class Watch<T extends Message> extends Feed<Change<T>> {
  private final Link<?, ? extends Message> link;
  private final Function<Message, List<T>> members;
  private final String removedField;
  private final Set<String> names = new HashSet<>();
  private final Set<String> stale = new HashSet<>();
  private boolean begun;
  private boolean complete;

  @SuppressWarnings("unchecked")
  <R extends Message> Watch(Link<?, R> link, Function<R, List<T>> members, String removedField) {
    super(link);
    this.link = link;
    this.members = message -> members.apply((R) message);
    this.removedField = removedField;
  }

  @Override
  Iterator<Change<T>> fetch() {
    Message message = link.next();
    if (message == null) {
      link.ended();
      return Collections.emptyIterator();
    }
    boolean restarted = begun && (Boolean) Relais.field(message, "restarted");
    if (restarted) {
      link.restarted();
      stale.addAll(names);
      complete = false;
    }
    link.token((String) Relais.field(message, "resume_token"));
    List<T> changed = members.apply(message);
    changed.forEach(member -> remember((String) Relais.field(member, "name")));
    begun = begun || !changed.isEmpty() || (Boolean) Relais.field(message, "restarted");
    List<String> removed = new ArrayList<>();
    for (Object name : (List<?>) Relais.field(message, removedField)) {
      forget((String) name);
      removed.add((String) name);
    }
    boolean completes = !complete && (Boolean) Relais.field(message, "snapshot_complete");
    if (completes) {
      complete = true;
      removed.addAll(stale);
      List.copyOf(stale).forEach(this::forget);
    }
    return changed.isEmpty() && removed.isEmpty() && !completes && !restarted ? Collections.emptyIterator()
        : Collections.singleton(new Change<>(changed, removed, complete, restarted)).iterator();
  }

  private void remember(String name) {
    names.add(name);
    stale.remove(name);
  }

  private void forget(String name) {
    names.remove(name);
    stale.remove(name);
  }
}
