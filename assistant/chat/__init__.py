"""Why: a chat model may choose and order better than rules do, and must not be trusted to say anything. Any LangChain
chat model can be asked, by name; what it says is a proposal, held to the evidence contract like any other.
"""
