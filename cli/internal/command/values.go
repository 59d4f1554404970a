package command

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/datetime"
	"google.golang.org/genproto/googleapis/type/timeofday"

	relais "github.com/relais-gateway/relais/clients/go"
	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

func jsonOf(value any) ([]byte, error) { return json.Marshal(value) }

func shellQuoted(name string) string {
	if strings.ContainsAny(name, " '\"$&;()<>|*?`\\") {
		return strconv.Quote(name)
	}
	return name
}

// parameterTypes are those of a where case, by the parameter's name in lower case. What is not declared has none.
func (a *app) parameterTypes(ctx context.Context, recordSQL, where string) (map[string]recordsqlv1.ValueType, error) {
	types := map[string]recordsqlv1.ValueType{}
	record, err := a.client.RecordSQL.GetRecordSql(ctx, &recordsqlv1.GetRecordSqlRequest{Name: recordSQL})
	if relais.ReasonOf(err) == errorv1.Reason_RESOURCE_NOT_FOUND {
		return types, nil
	}
	for _, c := range record.GetWhereCases() {
		for _, p := range c.Parameters {
			if strings.EqualFold(c.Name, where) {
				types[strings.ToLower(p.Name)] = p.Type
			}
		}
	}
	return types, err
}

// valueOf is a text as a value of a type.
func valueOf(text string, t recordsqlv1.ValueType) (*recordsqlv1.Value, error) {
	switch t {
	case recordsqlv1.ValueType_VALUE_TYPE_INTEGER:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number", text)
		}
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_IntegerValue{IntegerValue: n}}, nil
	case recordsqlv1.ValueType_VALUE_TYPE_DECIMAL:
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DecimalValue{DecimalValue: text}}, nil
	case recordsqlv1.ValueType_VALUE_TYPE_BOOL:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither true nor false", text)
		}
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_BoolValue{BoolValue: b}}, nil
	case recordsqlv1.ValueType_VALUE_TYPE_DATE:
		day, err := dateOf(text)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DateValue{DateValue: day}}, err
	case recordsqlv1.ValueType_VALUE_TYPE_DATE_TIME:
		at, err := time.Parse("2006-01-02T15:04:05", text)
		if err != nil {
			return nil, fmt.Errorf("%q is no time such as 2024-12-31T23:59:59", text)
		}
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DateTimeValue{DateTimeValue: &datetime.DateTime{Year: int32(at.Year()), Month: int32(at.Month()),
			Day: int32(at.Day()), Hours: int32(at.Hour()), Minutes: int32(at.Minute()), Seconds: int32(at.Second())}}}, nil
	case recordsqlv1.ValueType_VALUE_TYPE_TIME:
		at, err := time.Parse("15:04:05", text)
		if err != nil {
			return nil, fmt.Errorf("%q is no time such as 23:59:59", text)
		}
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_TimeValue{TimeValue: &timeofday.TimeOfDay{Hours: int32(at.Hour()), Minutes: int32(at.Minute()), Seconds: int32(at.Second())}}}, nil
	}
	return &recordsqlv1.Value{Kind: &recordsqlv1.Value_StringValue{StringValue: text}}, nil
}

// dateOf reads 2024-12-31.
func dateOf(text string) (*date.Date, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil, fmt.Errorf("%q is no day such as 2024-12-31", text)
	}
	return &date.Date{Year: int32(day.Year()), Month: int32(day.Month()), Day: int32(day.Day())}, nil
}

// dayOf is a date as text.
func dayOf(d *date.Date) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// textOf is a value as text; false for null.
func textOf(value *recordsqlv1.Value) (string, bool) {
	switch v := value.GetKind().(type) {
	case *recordsqlv1.Value_StringValue:
		return v.StringValue, true
	case *recordsqlv1.Value_IntegerValue:
		return strconv.FormatInt(v.IntegerValue, 10), true
	case *recordsqlv1.Value_DecimalValue:
		return v.DecimalValue, true
	case *recordsqlv1.Value_BoolValue:
		return strconv.FormatBool(v.BoolValue), true
	case *recordsqlv1.Value_DateValue:
		return dayOf(v.DateValue), true
	case *recordsqlv1.Value_DateTimeValue:
		t := v.DateTimeValue
		return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", t.Year, t.Month, t.Day, t.Hours, t.Minutes, t.Seconds), true
	case *recordsqlv1.Value_TimeValue:
		t := v.TimeValue
		return fmt.Sprintf("%02d:%02d:%02d", t.Hours, t.Minutes, t.Seconds), true
	}
	return "", false
}
