"""Plans, purchases, orders, receipts and the card that pays."""
