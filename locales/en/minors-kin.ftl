# What somebody is to the child, and places in a household as seen from its head.
father = father
mother = mother
parent = parent
grandparent = grandparent
brother = brother
sister = sister
sibling = brother or sister
head = head of the household
spouse = spouse of the head
child = child of the head
child-in-law = child-in-law of the head
grandchild = grandchild of the head
head-parent = parent of the head
head-grandparent = grandparent of the head
head-sibling = brother or sister of the head
relative = relative
unrelated = not related
