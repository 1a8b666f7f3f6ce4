"""Emails to contacts: SmartPlans, whose steps are due one after another, and each contact's timeline."""
