package relais_test

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	relais "github.com/relais-gateway/relais/clients/go"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// leastShare is what rows must reach of the rows a second of raw stubs.
const leastShare = 0.8

func allMovements() *recordsqlv1.StreamRecordsRequest {
	return &recordsqlv1.StreamRecordsRequest{Query: &recordsqlv1.Query{RecordSql: movements}, KeysetField: "MOUV.MOUV_ID"}
}

// sumRaw adds up a column of all rows over the generated stub.
func sumRaw(t testing.TB) (rows, sum int64) {
	stream, err := c.RecordSQL.StreamRecords(ctx, allMovements())
	if err != nil {
		t.Fatal(err)
	}
	for {
		batch, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return rows, sum
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range batch.Rows {
			rows++
			sum += row.Values[0].GetIntegerValue()
			if row.Values[10].GetDecimalValue() == "" || row.Values[3].GetStringValue() == "" {
				t.Fatal("no value")
			}
		}
	}
}

// sumRows does the same over Rows, by name.
func sumRows(t testing.TB) (rows, sum int64) {
	for row, err := range c.RecordSQL.Rows(ctx, allMovements(), relais.RowOptions{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		id, err := relais.Get[int64](row, "MOUV_ID")
		if err != nil {
			t.Fatal(err)
		}
		amount, err := relais.Get[relais.Decimal](row, "MONT")
		if err != nil || amount == "" {
			t.Fatal(err)
		}
		if ref, err := relais.Get[string](row, "REF"); err != nil || ref == "" {
			t.Fatal(err)
		}
		rows, sum = rows+1, sum+id
	}
	return rows, sum
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func TestRowsCostLittleMoreThanRawStubs(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("only speeds are compared here")
	}
	best, used := [2]float64{}, [2]time.Duration{}
	// What else runs on the machine only slows down, so that the best of several rounds counts.
	for round := 0; round < 3 || round < 8 && best[1] < leastShare*best[0]; round++ {
		for i, read := range []func(testing.TB) (int64, int64){sumRaw, sumRows} {
			begin, cpu := time.Now(), processorTime()
			rows, sum := read(t)
			if rows != 300_000 || sum != rows*(rows+1)/2 {
				t.Fatalf("%d rows, %d", rows, sum)
			}
			best[i] = max(best[i], float64(rows)/time.Since(begin).Seconds())
			if spent := processorTime() - cpu; used[i] == 0 || spent < used[i] {
				used[i] = spent
			}
		}
	}
	t.Logf("raw stubs %.0f rows/s, %v of processor time; rows %.0f rows/s, %v: %.2f of the speed, %.2f times the processor",
		best[0], used[0], best[1], used[1], best[1]/best[0], used[1].Seconds()/used[0].Seconds())
	if best[1] < leastShare*best[0] {
		t.Errorf("rows reach less than %.1f of the speed of raw stubs", leastShare)
	}
}
