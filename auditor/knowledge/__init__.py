"""Tables of facts and phrases; every row names its source and licence."""
