package io.relais.client;

import com.google.type.Date;
import com.google.type.DateTime;
import com.google.type.TimeOfDay;
import io.relais.recordsql.v1.Value;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;

/**
 * One row. Values are had by the column's name, whose case does not matter, or by its position from 0; null is no
 * value. A getter throws IllegalStateException where the value is of another type, as one of a typed column is that
 * could not be read (its text is the upstream's), and IllegalArgumentException where there is no such column.
 */
public final class Row {
  private final Map<String, Integer> positions;
  private final io.relais.recordsql.v1.Row row;

  Row(Map<String, Integer> positions, io.relais.recordsql.v1.Row row) {
    this.positions = positions;
    this.row = row;
  }

  /** How many values there are. */
  public int size() {
    return row.getValuesCount();
  }

  /** Null, Long, String, BigDecimal, LocalDate, LocalDateTime, LocalTime or Boolean. */
  public Object get(String column) {
    return get(position(column));
  }

  /** As {@link #get(String)}. */
  public Object get(int position) {
    Value value = row.getValues(position);
    switch (value.getKindCase()) {
      case STRING_VALUE:
        return value.getStringValue();
      case INTEGER_VALUE:
        return value.getIntegerValue();
      case DECIMAL_VALUE:
        return new BigDecimal(value.getDecimalValue());
      case DATE_VALUE:
        Date date = value.getDateValue();
        return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
      case DATE_TIME_VALUE:
        DateTime at = value.getDateTimeValue();
        return LocalDateTime.of(at.getYear(), at.getMonth(), at.getDay(), at.getHours(), at.getMinutes(),
            at.getSeconds(), at.getNanos());
      case TIME_VALUE:
        TimeOfDay time = value.getTimeValue();
        return LocalTime.of(time.getHours(), time.getMinutes(), time.getSeconds(), time.getNanos());
      case BOOL_VALUE:
        return value.getBoolValue();
      default:
        return null;
    }
  }

  /** A whole number. */
  public Long getLong(String column) {
    return get(column, Long.class);
  }

  /** As {@link #getLong(String)}. */
  public Long getLong(int position) {
    return get(position, Long.class, position);
  }

  /** Text. */
  public String getString(String column) {
    return get(column, String.class);
  }

  /** As {@link #getString(String)}. */
  public String getString(int position) {
    return get(position, String.class, position);
  }

  /** An exact decimal number, with the digits that the upstream gave. */
  public BigDecimal getBigDecimal(String column) {
    return get(column, BigDecimal.class);
  }

  /** As {@link #getBigDecimal(String)}. */
  public BigDecimal getBigDecimal(int position) {
    return get(position, BigDecimal.class, position);
  }

  /** A day. */
  public LocalDate getLocalDate(String column) {
    return get(column, LocalDate.class);
  }

  /** As {@link #getLocalDate(String)}. */
  public LocalDate getLocalDate(int position) {
    return get(position, LocalDate.class, position);
  }

  /** Day and time in the ERP's local time. */
  public LocalDateTime getLocalDateTime(String column) {
    return get(column, LocalDateTime.class);
  }

  /** As {@link #getLocalDateTime(String)}. */
  public LocalDateTime getLocalDateTime(int position) {
    return get(position, LocalDateTime.class, position);
  }

  /** A time of day. */
  public LocalTime getLocalTime(String column) {
    return get(column, LocalTime.class);
  }

  /** As {@link #getLocalTime(String)}. */
  public LocalTime getLocalTime(int position) {
    return get(position, LocalTime.class, position);
  }

  /** True or false. */
  public Boolean getBoolean(String column) {
    return get(column, Boolean.class);
  }

  /** As {@link #getBoolean(String)}. */
  public Boolean getBoolean(int position) {
    return get(position, Boolean.class, position);
  }

  private <T> T get(String column, Class<T> type) {
    return get(position(column), type, column);
  }

  private <T> T get(int position, Class<T> type, Object column) {
    Object value = get(position);
    if (value == null || type.isInstance(value)) {
      return type.cast(value);
    }
    throw new IllegalStateException("column " + column + " has \"" + value + "\", which is no " + type.getSimpleName());
  }

  private int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("no column " + column + " among " + positions.keySet());
    }
    return position;
  }
}
