"""Lists from elsewhere: reading the file, knowing its columns, reading its rows."""
