# What keeps a post where it is.
# $count (number)
keeps-files = { $count } { $count ->
    [one] child's file is
   *[other] children's files are
  } visited from it. A file goes along when its visit is assigned to another post.
keeps-files-see = See the files
