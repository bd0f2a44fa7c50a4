# 指挥页的用语。
title = { $area }今日态势
funnel = 从来源记录到结案
rows = 来源记录
rows-base = 全市在册
persons = 匹配到人
persons-base = 本辖区
leads = 生成线索
checked = 入户核查
found = 困境儿童
cases = 开立个案
closed = 结案
undispatched = 未派发
late = 超期
open = 在办
of-step = 占上步 { $share }
urgent = 紧急事项
# $count (number)
urgent-note = { $count } 件在办，按剩余时限排列
# $count (number)
urgent-all = 全部 { $count } 件
nothing-urgent = 没有紧急事项
nothing-urgent-next = 新的紧急线索或个案会出现在这里，按剩余时限排列。
left = 剩余时限
matter = 事项
place = 所在社区
holder = 持有人
state = 环节
late-by-area = 各地超期率
late-by-area-note = 超期 ÷ 在办，含走访与转介
# $late (number) $all (number)
late-of = { $late } / { $all } 件
nameless = 姓名不详
place-unknown = 未定到此级
warned = 过警戒
# $percent (number)
warning-note = 警戒线 { $percent }%
go-below = 看下一级的态势
lowest = 已是最下一级。
holders = 超期最多的持有人
holders-note = 按岗位
nobody-late = 没有超期的事项。
departments = 部门在办转介
departments-note = 超期多的在前
department = 单位
no-referrals = 没有在办的转介。
people-title = { $area }在册人员
people-sub = 姓名已遮蔽；按入册先后
people-empty = 这里还没有在册人员
people-empty-next = 数据专员上传来源文件并入库后，人员会出现在这里。
name = 姓名
sex = 性别
year = 出生年
male = 男
female = 女
unknown = 不详
