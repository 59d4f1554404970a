package relais

import (
	"database/sql"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// Row is one row of Rows. It stays valid after the loop.
type Row struct {
	values []*recordsqlv1.Value
	rows   *Rows
}

// Decimal is an exact decimal number as the upstream wrote it, e.g. "-12.50".
type Decimal string

// Rat is the number as a fraction; nil when it is no number.
func (d Decimal) Rat() *big.Rat {
	rat, ok := new(big.Rat).SetString(string(d))
	if !ok {
		return nil
	}
	return rat
}

// Values are the row's values: nil, string, int64, bool, Decimal, time.Time (a date: midnight UTC; a date-time: in
// RowOptions.Location, without one its text 2024-03-31T23:59:59), time.Duration since midnight. What the upstream wrote
// and the declared type cannot hold is its text.
func (r Row) Values() []any {
	values := make([]any, len(r.values))
	for i, value := range r.values {
		values[i] = r.convert(value)
	}
	return values
}

// Messages are the row's values as they came.
func (r Row) Messages() []*recordsqlv1.Value { return r.values }

// Get is the value of a column, by name (case is ignored) or position. T is int64, string, bool, Decimal, time.Time or
// time.Duration as of Values, or sql.Null of one of them, without which null is an error. A value of another type is an
// error that names the column and the value.
func Get[T any, At string | int](row Row, at At) (T, error) {
	var result T
	i := position(row, at)
	if i < 0 || i >= len(row.values) {
		return result, fmt.Errorf("relais: there is no column %v", at)
	}
	value := row.convert(row.values[i])
	if typed, ok := value.(T); ok {
		return typed, nil
	}
	return other[T](row, i, value)
}

// other is what Get gives for a value that is not simply a T.
func other[T any](row Row, i int, value any) (T, error) {
	var result T
	// sql.Null[T] takes null, and a value of exactly its type.
	if _, ok := any(&result).(sql.Scanner); ok {
		v, valid := reflect.ValueOf(&result).Elem().FieldByName("V"), reflect.ValueOf(&result).Elem().FieldByName("Valid")
		if value == nil {
			return result, nil
		}
		if v.IsValid() && v.Type() == reflect.TypeOf(value) {
			v.Set(reflect.ValueOf(value))
			valid.SetBool(true)
			return result, nil
		}
	}
	name := row.rows.columns[i].Name
	if value == nil {
		return result, fmt.Errorf("relais: column %s is null: get it as sql.Null", name)
	}
	if _, isTime := any(result).(time.Time); isTime && row.values[i].GetDateTimeValue() != nil {
		return result, fmt.Errorf("relais: column %s is a local time: set RowOptions.Location", name)
	}
	return result, fmt.Errorf("relais: column %s is %q, a %T and no %T", name, fmt.Sprint(value), value, result)
}

// position is that of a column, -1 when there is none.
func position[At string | int](row Row, at At) int {
	switch at := any(at).(type) {
	case int:
		if at >= 0 && at < len(row.values) {
			return at
		}
	case string:
		if i, ok := row.rows.index[at]; ok {
			return i
		}
		return slices.IndexFunc(row.rows.columns, func(c *recordsqlv1.Column) bool { return strings.EqualFold(c.Name, at) })
	}
	return -1
}

func (r Row) convert(value *recordsqlv1.Value) any {
	switch v := value.GetKind().(type) {
	case *recordsqlv1.Value_StringValue:
		return v.StringValue
	case *recordsqlv1.Value_IntegerValue:
		return v.IntegerValue
	case *recordsqlv1.Value_DecimalValue:
		return Decimal(v.DecimalValue)
	case *recordsqlv1.Value_BoolValue:
		return v.BoolValue
	case *recordsqlv1.Value_DateValue:
		return time.Date(int(v.DateValue.Year), time.Month(v.DateValue.Month), int(v.DateValue.Day), 0, 0, 0, 0, time.UTC)
	case *recordsqlv1.Value_DateTimeValue:
		d, location := v.DateTimeValue, r.rows.options.Location
		if location == nil {
			location = time.UTC
		}
		t := time.Date(int(d.Year), time.Month(d.Month), int(d.Day), int(d.Hours), int(d.Minutes), int(d.Seconds), int(d.Nanos), location)
		if r.rows.options.Location == nil {
			return t.Format("2006-01-02T15:04:05.999999999")
		}
		return t
	case *recordsqlv1.Value_TimeValue:
		t := v.TimeValue
		return time.Duration(t.Hours)*time.Hour + time.Duration(t.Minutes)*time.Minute + time.Duration(t.Seconds)*time.Second + time.Duration(t.Nanos)
	}
	return nil
}
