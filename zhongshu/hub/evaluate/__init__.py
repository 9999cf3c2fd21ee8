"""评价 evaluate: response, solve and satisfaction rates, on-time closure."""
