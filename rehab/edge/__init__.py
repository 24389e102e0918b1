"""What the pages and the phone's interface share at the door: who asks, and what they may reach."""
