package io.relais.client;

import java.util.function.Consumer;

/** How rows are read. */
public final class RowOptions {
  Consumer<Progress> progress = progress -> { };

  /** Told after each batch has come, on the reader's thread. Default nobody. */
  public RowOptions progress(Consumer<Progress> listener) {
    progress = listener;
    return this;
  }
}
