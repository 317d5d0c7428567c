"""Check-in 签到: who came, with how many; heads at open-air shows; who did not come.

arriving.report(session, Report(...))   one arrival, online, from an offline list or from paper
closing.close(session, session_id, by)  mark who did not come; closing.reopen takes it back
"""
