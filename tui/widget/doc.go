// Package widget draws tables, charts and text: data, a look and a size go in,
// lines of exactly that size come out. It must not know messages, panes, where
// the data came from, or the time.
//
// Every drawing keeps four promises, which a fuzz test holds over all of them:
// exactly h lines, each exactly w columns wide; nothing from a file reaches the
// terminal uncleaned; words end in an ellipsis when cut; numbers are never cut
// but written shorter.
package widget
