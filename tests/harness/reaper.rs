//! Stops the tests' PostgreSQL when the last test process is gone.

fn main() {
    tests::reap();
}
