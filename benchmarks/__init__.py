"""What is measured, and against which yardstick in the same run. Never part of the test run."""
