package profile_test

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pace/engine/profile"
	"pace/engine/table"
	"pace/engine/tables"
)

// generate writes a seeded CSV of rows x 15, some 144 bytes a row (8 million rows are 1.15 GB): ids, times, dates, skewed users,
// 36 countries, 200 categories, prices, losses with exponents (2 % missing), comments (20 % missing, 30 % quoted, with commas,
// quotes and newlines), hashes, ratings (14 % missing), and 0.5 % copies of the row before.
func generate(tb testing.TB, path string, rows int) {
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	rng := rand.New(rand.NewPCG(13, 13))
	users := rand.NewZipf(rng, 1.05, 1, 1_000_000)
	words := []string{"delivered late", "all fine so far", "customer asked for another size", "see note", "returned", "ok", "paid twice", "colour differs"}
	var comments []string
	for i := range 1000 {
		text := words[i%8] + " " + words[i/8%8] + fmt.Sprintf(" %d", i)
		switch i % 10 {
		case 0, 1:
			text = ""
		case 2:
			text = `"` + text + `, said ""yes"" twice"`
		case 3:
			text = `"` + text + "\ntwo lines\""
		case 4:
			text = `"` + text + `, and more"`
		}
		comments = append(comments, text)
	}
	day := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	fmt.Fprintln(out, "id,ts,date,user_id,country,category,price,qty,score,loss,flag,label,comment,hash,rating")
	var line []byte
	for i := range rows {
		if i == 0 || rng.IntN(200) > 0 {
			at = at.Add(time.Duration(rng.IntN(4000)) * time.Millisecond)
			loss, rating := "", ""
			if rng.IntN(50) > 0 {
				loss = fmt.Sprintf("%g", math.Exp(rng.NormFloat64()*4))
			}
			if rng.IntN(7) > 0 {
				rating = fmt.Sprint(1 + rng.IntN(5))
			}
			line = fmt.Appendf(line[:0], "%d,%s,%s,%d,C%02d,cat-%d,%.2f,%d,%.6f,%s,%t,%d,%s,%016x,%s\n", i, at.Format("2006-01-02T15:04:05.000Z"),
				day.AddDate(0, 0, rng.IntN(1000)).Format("2006-01-02"), users.Uint64(), rng.IntN(36), rng.IntN(200), math.Exp(rng.NormFloat64()+3), 1+rng.IntN(20),
				rng.NormFloat64(), loss, rng.IntN(2) == 0, rng.IntN(10), comments[rng.IntN(len(comments))], rng.Uint64(), rating)
		}
		out.Write(line)
	}
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkProfileCSV profiles some 100 MB; PACE_BENCH_ROWS changes the size.
func BenchmarkProfileCSV(b *testing.B) {
	rows := 800_000
	if s := os.Getenv("PACE_BENCH_ROWS"); s != "" {
		fmt.Sscan(s, &rows)
	}
	path := filepath.Join(b.TempDir(), "bench.csv")
	if s := os.Getenv("PACE_BENCH_FILE"); s != "" {
		path = s
	}
	if _, err := os.Stat(path); err != nil {
		generate(b, path, rows)
	}
	stat, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			b.SetBytes(stat.Size())
			for b.Loop() {
				of(b, path, profile.Options{Workers: workers})
			}
		})
	}
}

// BenchmarkSplitCSV is the floor of the profile: reading and splitting alone.
func BenchmarkSplitCSV(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench.csv")
	generate(b, path, 100_000)
	stat, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(stat.Size())
	for b.Loop() {
		src, err := tables.Open(context.Background(), path, table.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := table.ScanParallel(context.Background(), src, 1, func(int, int, *table.Batch) error { return nil }); err != nil {
			b.Fatal(err)
		}
		src.Close()
	}
}
