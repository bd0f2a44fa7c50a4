# What somebody is to the child, and places in a household as seen from its head.
father = 父亲
mother = 母亲
parent = 父母
grandparent = 祖辈
brother = 兄弟
sister = 姐妹
sibling = 兄弟姐妹
head = 户主
spouse = 户主配偶
child = 户主子女
child-in-law = 户主子女的配偶
grandchild = 户主孙辈
head-parent = 户主父母
head-grandparent = 户主祖辈
head-sibling = 户主兄弟姐妹
relative = 亲属
unrelated = 非亲属
