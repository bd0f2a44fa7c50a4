# Cases and referrals.

cases-title = Cases
# $count (number)
cases-sub = { $count } in all
cases-mine = Held by my post
cases-area = My area
case-title = { $stage } { $number }
case-holder = led by { $holder }
case-file = File
case-ended = Closed: { $outcome }
sex-female = female
sex-male = male
age = { $years ->
    [one] { $years } year
   *[other] { $years } years
 }
sample-note = Assessment form and deadlines
known-check = check at the door { $number }, { $day }
known-danger = report of immediate danger { $number }, { $day }
known-age = the person's record, { $years ->
    [one] { $years } year
   *[other] { $years } years
 }
known-file = the person's file
known-adults = adults in the household: { $names }
# $count (number)
known-cases = { $count ->
    [one] one case before
   *[other] { $count } cases before
}
referrals-title = Referrals
# $count (number)
referrals-sub = { $count } in all
referral-title = Referral { $number }
referral-asked = What is asked of you
referral-duty = Duty: { $duty }
referral-child = What you are told of the child
referral-masked = masked for your post
