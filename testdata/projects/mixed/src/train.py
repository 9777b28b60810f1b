"""Train; see README.md."""

print("training")
