package io.relais.client;

import java.util.List;

/**
 * What has changed in a set that is watched.
 *
 * @param <T> a member of the set
 */
public final class Change<T> {
  private final List<T> changed;
  private final List<String> removed;
  private final boolean complete;
  private final boolean restarted;

  Change(List<T> changed, List<String> removed, boolean complete, boolean restarted) {
    this.changed = changed;
    this.removed = removed;
    this.complete = complete;
    this.restarted = restarted;
  }

  /** Members that are new or have changed, as they are now. */
  public List<T> changed() {
    return changed;
  }

  /** Names of members that are gone. */
  public List<String> removed() {
    return removed;
  }

  /** Whether all members have been told. */
  public boolean complete() {
    return complete;
  }

  /** Whether the watch had to begin anew with this: members that are known come again; who is gone is told. */
  public boolean restarted() {
    return restarted;
  }
}
