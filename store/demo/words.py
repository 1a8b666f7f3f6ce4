"""What the people of the demo data write."""

from __future__ import annotations

from typing import NamedTuple

from store.emails.model import SmartPlan, Step
from store.messages.model import Draft


class Text(NamedTuple):
    """A text to the members of a group."""

    group: str
    body: str


AGENTS_GROUPS = ("Buyers", "Open house", "Past clients", "Renters", "Sellers", "Trades")
COMMUNITYS_GROUPS = ("Board", "Residents")
"""Who is written to by whom: the community offers none of the agent's people, nor she any of its."""

AGENT = (
    Text(
        "Buyers",
        "Hi {first_name|there}, three new homes came on the market this morning. Shall I send you the list?",
    ),
    Text("Buyers", "The price of 12 Elm St just dropped. Want to see it this week, {first_name|there}?"),
    Text("Buyers", "Rates moved today. If you like, I'll run the numbers for you again. Reply RATES."),
    Text(
        "Sellers",
        "Hi {first_name|there}, two homes like yours sold near you. Curious what yours would bring?",
    ),
    Text("Sellers", "Photographer is booked for Thursday at 10. Please leave the blinds open."),
    Text("Open house", "Open house on Elm St this Sunday at 2 pm. Reply YES and I'll save you a place."),
    Text("Open house", "Thank you for coming by on Sunday — what did you think? 🙂"),
    Text("Renters", "A two-bedroom with a garden is free from July. Would you like to see it?"),
    Text("Past clients", "Happy home anniversary, {first_name|there}! Here is to many more good years."),
    Text("Trades", "Could you give me a quote for 48 Oak Ave by Friday? Thank you."),
)
AGENT_TO_A_FEW = (
    "Hi {first_name|there}, running ten minutes late. See you at the house!",
    "The sellers took your offer, {first_name|there}! I'll call you at noon.",
    "Inspection is on Tuesday at 9. The report comes the same day.",
    "Keys are in the lockbox; the code is the one we agreed on.",
    "Could you send me the signed disclosure by tonight, {first_name|there}?",
    "Your appraisal came in: right at the price. Good news.",
)
MOVING = (
    "My office moves to 9 Harbor Way on the first. Same number, better coffee. Come and say hello, "
    "{first_name|all}!"
)
PICTURE = "The kitchen of 12 Elm St, freshly painted. What do you think, {first_name|there}?"

COMMUNITY = (
    Text("Residents", "Water will be off on Tuesday from 9 to 12 while the main valve is replaced."),
    Text("Residents", "The pool opens on Saturday. Please bring your key cards to the gate."),
    Text("Residents", "Street sweeping on Friday: please move your cars from Cedar Court by 8 am."),
    Text("Residents", "Reminder: the annual meeting is on Thursday at 7 pm in the clubhouse."),
)
COMMUNITY_TO_A_FEW = (
    Text("Board", "The agenda for Monday is in your mailbox. Please look at the budget before."),
    Text("Board", "Two bids for the roof came in. Can we talk about them tomorrow at 6?"),
    Text("Board", "The auditor has questions about the reserve fund. Who can answer them?"),
    Text("Board", "Minutes of the last meeting are up. Please send corrections by Friday."),
    Text("Board", "The gate motor is repaired; the invoice came in below the estimate."),
)
STORM = (
    Text("Residents", "Storm warning for tonight: please bring in what stands on balconies. Stay safe."),
    Text("Residents", "Power is out in buildings 3 to 7. The utility expects repairs by 6 pm."),
    Text("Residents", "Power is back. If yours isn't, please reply with your unit."),
    Text("Residents", "Fallen branches block the north gate until noon. Please use the south gate."),
)

DRAFTS = (
    Draft(body="Hi {first_name|there}, congratulations on one year in your home! ", groups=("Past clients",)),
    Draft(body="Could you look at the water heater of 31 Pine Ct on Monday?", groups=("Trades",)),
    Draft(
        # Without a name: some names keep a text in Unicode, and this one is to become cheaper by F6.
        body="The open house on Elm St — Sunday 2 pm — is on. Reply YES and I'll save you a place.",
        groups=("Open house", "Buyers"),
    ),
)
"""Of the agent, the one that is written last at the end."""

NEWSLETTER = "The market this month"
NEW_BUYER = SmartPlan(
    "New buyer",
    (
        Step(0, "Welcome, {first_name|there}", "Good to have you. Here is how looking for a home goes.\n"),
        Step(7, "What you can borrow", "Three lenders, one afternoon, and you know your price.\n"),
        Step(14, "Homes like the ones you liked", "Reply with the streets you would like to live in.\n"),
    ),
)
AFTER_CLOSING = SmartPlan(
    "After closing",
    (
        Step(1, "Welcome home", "Whom to call for water, power and the keys, on one page.\n"),
        Step(30, "One month in", "Is anything still open? I am glad to help.\n"),
    ),
)
