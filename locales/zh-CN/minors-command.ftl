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
# $late (number)
tile-late = 超期 { $late }
# $all (number)
tile-all = 在办 { $all }
nameless = 姓名不详
place-unknown = 未定到此级
warned = 过警戒
# $percent (number)
warning-note = 警戒线 { $percent }%
go-below = 看下一级的态势
lowest = 已是最下一级。
reasons = 要点
no-reasons = 未经筛查，由人直接上报
points = 得分
climbed = 已由{ $from }升级至{ $to }，{ $when }
climbed-to = 已升级至{ $to }，{ $when }
level-city = 市
level-district = 区
level-subdistrict = 街道
level-community = 社区
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

# Finding somebody in the list of persons.
people-filter = 筛选人员
people-within = 地区
people-any = 全部
people-year-hint = 如 2015
people-find = 按姓名、拼音、证件或电话片段查找
people-find-do = 查找
people-find-hint = 姓名、拼音、证件或电话片段
# $count (number)
people-find-short = 号码至少写 { $count } 位
# $count (number)
people-found = 找到 { $count } 人，查找已留痕
# $count (number)
people-found-cut = 符合的人太多，只列前 { $count } 人；多写几个字再找。查找已留痕
people-found-none = 没有找到符合的人
people-found-none-next = 换一个写法，或放宽性别、出生年和地区再找。
people-find-clear = 回到全部
people-none = 没有符合条件的人
people-none-next = 可放宽性别、出生年或地区再看。
