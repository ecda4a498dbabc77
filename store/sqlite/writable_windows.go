package sqlite

func checkWritable(string) error { return nil }
