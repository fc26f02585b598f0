import Glibc

/// Gives other processes a moment between two looks at them.
func pause() { usleep(10_000) }
