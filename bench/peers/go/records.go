package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/datetime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

const pageRows = 1000

type recordSQL struct {
	recordsqlv1.UnimplementedRecordSqlServiceServer
	upstream *upstream
}

// record has the columns of the one table, each as text.
type record struct {
	ID       string `json:"MOUV_ID"`
	Dos      string `json:"DOS"`
	Ref      string `json:"REF"`
	Des      string `json:"DES"`
	Pino     string `json:"PINO"`
	Qte      string `json:"QTE"`
	Mont     string `json:"MONT"`
	Dat      string `json:"DAT"`
	UserCrDh string `json:"USERCRDH"`
	Actif    string `json:"ACTIF"`
	Note     string `json:"NOTE"`
}

type page struct {
	Error     int    `json:"error"`
	TableName string `json:"tablename"`
	Records   []struct {
		Record record `json:"record"`
	} `json:"records"`
}

func (r *recordSQL) post(ctx context.Context, path string, body map[string]any, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return status.Error(codes.Internal, "the request cannot be written")
	}
	return r.upstream.read(ctx, "POST", r.upstream.base+path, bytes.NewReader(text), func(reply []byte) error {
		return decode(reply, into)
	})
}

func (r *recordSQL) StreamRecords(request *recordsqlv1.StreamRecordsRequest, stream grpc.ServerStreamingServer[recordsqlv1.StreamRecordsResponse]) error {
	ctx := stream.Context()
	var session struct {
		Token string `json:"access_token"`
	}
	if err := r.post(ctx, "/api/v1/Authent/Auth", map[string]any{"user": "bench", "password": "bench"}, &session); err != nil {
		return err
	}
	var told page
	for offset := request.GetSkip(); ; offset += int64(len(told.Records)) {
		told.Records = told.Records[:0]
		err := r.post(ctx, "/api/v1/RecordSql/Execute", map[string]any{"access_token": session.Token, "dhoq": "gtrsmou.dhoq",
			"recordsql": "MOUVEMENT", "offset": offset, "count": pageRows}, &told)
		if err != nil {
			return err
		}
		if told.Error != 0 {
			return status.Error(codes.Internal, "the upstream reports an error")
		}
		response := &recordsqlv1.StreamRecordsResponse{EndOfStream: len(told.Records) == 0}
		if offset == request.GetSkip() {
			response.Table, response.Columns = told.TableName, columns
		}
		response.Rows = make([]*recordsqlv1.Row, len(told.Records))
		for index := range told.Records {
			if response.Rows[index], err = told.Records[index].Record.row(); err != nil {
				return err
			}
		}
		if err := stream.Send(response); err != nil || response.EndOfStream {
			return err
		}
	}
}

var columns = []*recordsqlv1.Column{
	{Name: "MOUV_ID", Type: recordsqlv1.ValueType_VALUE_TYPE_INTEGER},
	{Name: "DOS", Type: recordsqlv1.ValueType_VALUE_TYPE_STRING, Length: 8},
	{Name: "REF", Type: recordsqlv1.ValueType_VALUE_TYPE_STRING, Length: 25},
	{Name: "DES", Type: recordsqlv1.ValueType_VALUE_TYPE_STRING, Length: 60},
	{Name: "PINO", Type: recordsqlv1.ValueType_VALUE_TYPE_INTEGER},
	{Name: "QTE", Type: recordsqlv1.ValueType_VALUE_TYPE_DECIMAL, Length: 12, Scale: 3},
	{Name: "MONT", Type: recordsqlv1.ValueType_VALUE_TYPE_DECIMAL, Length: 14, Scale: 2},
	{Name: "DAT", Type: recordsqlv1.ValueType_VALUE_TYPE_DATE},
	{Name: "USERCRDH", Type: recordsqlv1.ValueType_VALUE_TYPE_DATE_TIME},
	{Name: "ACTIF", Type: recordsqlv1.ValueType_VALUE_TYPE_BOOL},
	{Name: "NOTE", Type: recordsqlv1.ValueType_VALUE_TYPE_STRING, Length: 40},
}

func (r *record) row() (*recordsqlv1.Row, error) {
	values := rowOf{row: &recordsqlv1.Row{Values: make([]*recordsqlv1.Value, 0, len(columns))}}
	values.integer(r.ID)
	values.text(r.Dos)
	values.text(r.Ref)
	values.text(r.Des)
	values.integer(r.Pino)
	values.decimal(r.Qte)
	values.decimal(r.Mont)
	values.date(r.Dat)
	values.dateTime(r.UserCrDh)
	values.boolean(r.Actif)
	values.text(r.Note)
	return values.row, values.err
}

// rowOf adds values to a row until one is not of its type. Empty text is no value, but for texts.
type rowOf struct {
	row *recordsqlv1.Row
	err error
}

func (o *rowOf) add(value *recordsqlv1.Value) { o.row.Values = append(o.row.Values, value) }

func (o *rowOf) typed(text string, make func() (*recordsqlv1.Value, error)) {
	if text == "" {
		o.add(&recordsqlv1.Value{Kind: &recordsqlv1.Value_NullValue{NullValue: structpb.NullValue_NULL_VALUE}})
		return
	}
	value, err := make()
	if err != nil {
		o.err = status.Error(codes.Internal, "a value of the upstream is not of the type of its column")
	}
	o.add(value)
}

func (o *rowOf) text(text string) {
	o.add(&recordsqlv1.Value{Kind: &recordsqlv1.Value_StringValue{StringValue: text}})
}

func (o *rowOf) integer(text string) {
	o.typed(text, func() (*recordsqlv1.Value, error) {
		number, err := strconv.ParseInt(text, 10, 64)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_IntegerValue{IntegerValue: number}}, err
	})
}

func (o *rowOf) decimal(text string) {
	o.typed(text, func() (*recordsqlv1.Value, error) {
		_, err := strconv.ParseFloat(text, 64)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DecimalValue{DecimalValue: text}}, err
	})
}

func (o *rowOf) date(text string) {
	o.typed(text, func() (*recordsqlv1.Value, error) {
		day, err := time.Parse("20060102", text)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DateValue{DateValue: &date.Date{
			Year: int32(day.Year()), Month: int32(day.Month()), Day: int32(day.Day())}}}, err
	})
}

func (o *rowOf) dateTime(text string) {
	o.typed(text, func() (*recordsqlv1.Value, error) {
		at, err := time.Parse("20060102150405", text)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_DateTimeValue{DateTimeValue: &datetime.DateTime{
			Year: int32(at.Year()), Month: int32(at.Month()), Day: int32(at.Day()),
			Hours: int32(at.Hour()), Minutes: int32(at.Minute()), Seconds: int32(at.Second())}}}, err
	})
}

func (o *rowOf) boolean(text string) {
	o.typed(text, func() (*recordsqlv1.Value, error) {
		value, err := strconv.ParseBool(text)
		return &recordsqlv1.Value{Kind: &recordsqlv1.Value_BoolValue{BoolValue: value}}, err
	})
}
