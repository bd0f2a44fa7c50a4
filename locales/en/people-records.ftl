# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
people-delivery-received = A delivery was received
people-delivery-apply-asked = Taking a delivery in was asked for
people-delivery-published = A delivery was taken in
people-delivery-resumed = A delivery that was broken off was resumed
people-delivery-check-asked = A delivery was to be checked anew
people-delivery-dropped = A delivery was dropped
people-retirements-confirmed = Rows gone from a list were confirmed
people-retirements-declined = Rows gone from a list were kept
people-persons-renewed = Person records were renewed
people-searched = A person was searched for
people-set-aside-downloaded = Rows set aside were downloaded
people-check-delivery = Check a delivery
people-apply-delivery = Take a delivery in
people-take-up-deliveries = Take up deliveries that were broken off
people-renew-persons = Renew person records
