"""处置·反馈 handle: sign, return, feed back, check, call back, close, reopen."""
