// Command pace shows what is in a machine-learning project: its data, its runs, and what changed.
package main

import "os"

func main() { os.Exit(run(os.Args[1:])) }
