# What keeps a post where it is.
# $count (number)
keeps-files = 由本岗位走访的儿童档案 { $count } 份。走访转办给别的岗位后，档案随之转过去。
keeps-files-see = 查看这些档案
