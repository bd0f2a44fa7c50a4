# Words of administration and log-in.

## Log-in
log-in-title = Log in
log-in-login = Login name
log-in-password = Password
log-in-button = Log in
log-in-help = No account, or password forgotten? Ask your organisation’s administrator.
log-in-left = You are logged out
log-in-left-detail = On a shared computer, close the browser too.
log-in-parked = Your session ended; what you typed is kept
log-in-parked-detail = Log in with the same account and it is filled in again for you to check and send.
log-in-wrong = Login name or password is wrong
# $left (number) $minutes (number)
log-in-wrong-detail = { $left } more { $left ->
    [one] attempt
   *[other] attempts
 }, then locked for { $minutes } minutes. Check capitals and input method.
# $minutes (number)
log-in-wrong-last = Too many failures: locked for { $minutes } minutes. Try again then, or ask the administrator to unlock.
# $minutes (number)
log-in-locked = This login name is locked for { $minutes } more { $minutes ->
    [one] minute
   *[other] minutes
 }
log-in-locked-detail = Too many failures. Try again then, or ask the administrator to unlock; trying meanwhile does not prolong it.

## My account
account-title = My account
account-first-title = Choose your password
account-first = First choose a password of your own
account-first-detail = You came in with a one-time password from an administrator. Everything else opens once you have your own.
account-choose = Choose the post to act in
account-choose-detail = You hold several posts. What you see and do goes by the one you choose; change it at any time.
account-no-post = You hold no post at present
account-no-post-detail = Without a post there is nothing to see. Ask your administrator to appoint you.
account-name = Name
account-phone = Phone at work
account-help = Name, login name and phone are kept by the administrator.
account-posts = My posts
account-posts-note = what you see and do goes by the present post
account-post-present = Present post
account-post-choose = Act in this post
account-password = Password
account-password-old = Present password
account-password-one-time = One-time password
account-password-new = New password
# $length (number)
account-password-rules = At least { $length } characters of three kinds (capitals, small letters, digits, signs), or a sentence of 16 and more.
account-password-again = New password once more
account-password-button = Change password
account-not-twice-the-same = The two new passwords differ. Type them again.
# $left (number) $minutes (number)
account-wrong-old = The present password is wrong. { $left } more { $left ->
    [one] attempt
   *[other] attempts
 }, then locked for { $minutes } minutes.
# $minutes (number)
account-locked = The present password was wrong too often; locked for { $minutes } minutes
account-changed = Password changed
account-changed-detail = Sessions on all other computers and phones have ended.
account-home = Go to the front page

## Faults of passwords and fields
# $length (number)
password-too-short = At least { $length } characters.
# $length (number)
password-too-long = At most { $length } characters.
# $length (number)
password-too-few-kinds = Use three of capitals, small letters, digits and signs, or a sentence of { $length } characters and more.
password-holds-login = It must not contain the login name.
password-guessable = It is guessed too easily. Choose another one.
password-unchanged = It must differ from the present one.
fault-empty = Please fill this in.
# $limit (number)
fault-too-long = At most { $limit } characters.
fault-not-a-login = 2 to 32 small letters, digits, dots, hyphens or underscores, beginning with a letter; no phone or identity number.
fault-taken = There is one like this already. Choose another.
fault-unknown = What was chosen is no longer there or not in use. Choose again.
fault-wrong-level = Posts of this role are not at this level. Choose another area.
fault-ends-before = The end cannot lie before the beginning.
fault-overlaps = This person holds the post in part of that time already. Change the dates.
fault-still-in-use = Still in use: it cannot be closed.
fault-closed = Closed, or from the standard list: it cannot be changed.
