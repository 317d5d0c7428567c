"""「用着不方便？」: people say what is hard to use, or ask in writing (SV-06, SV-09).

In text or by voice, without an account. Staff answer on the desk within PROMISED_DAYS working
days; what the person lets us show stands in a public list with its answer.
"""
