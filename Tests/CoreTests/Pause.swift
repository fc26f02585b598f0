import Glibc

/// The moment between two looks at a condition.
func pause() { usleep(5_000) }
