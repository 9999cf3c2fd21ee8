"""决策 decide: the duty list finds host, assists, legal basis and limits."""
