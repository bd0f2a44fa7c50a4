//! Matters, tasks, clocks, forms, referrals, attachments and the inbox: workflow at run time.
