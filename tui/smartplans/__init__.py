"""SmartPlans: what they do, how far they are, and who is on them."""
