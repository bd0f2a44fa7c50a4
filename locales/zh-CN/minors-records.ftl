# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
minors-lead-joined = 新依据并入线索
minors-lead-marked = 线索标注变化
minors-indicator-noted = 向在办个案提示新情况
minors-file-opened = 建档
minors-file-closed = 档案关闭
minors-file-reopened = 档案重新打开
minors-file-regraded = 档案级别变更
minors-category-added = 添加困境类别
minors-category-ended = 困境类别结束
minors-screen-everybody = 筛查全部儿童
minors-screen-persons = 筛查儿童
minors-files-of-merged = 合并人员后合并档案
minors-visitor-of-file = 档案随走访转到新的走访人
