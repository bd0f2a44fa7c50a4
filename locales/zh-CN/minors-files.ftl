# 档案：名单、一人一档、调整。数字变量写 (number)。

menu = 档案

## 名单
list-title = 儿童档案
# $count (number)
list-sub = 共 { $count } 份
list-filter = 筛选档案
list-state = 档案
list-state-open = 在册
list-state-closed = 已关闭
list-level = 等级
list-category = 类别
list-area = 区域
list-visit = 走访
list-any = 全部
visit-late = 已超期
# $days (number)
visit-soon = { $days } 天内到期
list-col-due = 下次走访
list-col-child = 儿童
list-col-level = 等级
list-col-categories = 类别
list-col-area = 社区
list-col-holder = 走访人
list-col-last = 上次走访
list-col-opened = 建档
list-never = 未走访
list-empty = 没有符合条件的档案
list-empty-next = 入户核查认定困境儿童后自动建档。可放宽筛选条件再看。
list-foot = 按下次走访时间排列

## 人
# $years (number)
about = { $sex }，{ $years } 岁
about-sex = { $sex }
sex-male = 男
sex-female = 女
about-unknown = 性别、年龄未登记

## 一人一档
file-plan = 走访计划：{ $colour }，{ $every }一次
# $days (number)
every-days = 每 { $days } 天
# $days (number)
every-working-days = 每 { $days } 个工作日
# $hours (number)
every-hours = 每 { $hours } 小时
file-next = 下次
file-closed-on = 已于 { $day } 关闭：{ $reason }
file-go = 去走访
file-case = 去办个案
file-numbers = 建档 { $day }
# $count (number)
file-made-of = 由 { $count } 条来源记录组成

identity-title = 身份信息
identity-note = 每项注明出处
identity-none = 来源记录中没有可用的身份信息
line-name = 姓名
line-other-name = 另名
line-identity-number = 证件号
line-unusable-number = 证件号（不可用）
line-birth = 出生
line-sex = 性别
line-phone = 电话
line-present = 现住址
line-school-place = 学校所在
line-registration = 户籍地
line-school = 学校
line-class = 班级
# $place
line-source = { $feed } 第 { $place } 行
line-by-hand = 手工登记
# $count (number)
masked-note = 有 { $count } 项按岗位遮蔽
masked-ask = 需要全文时，请所在街道儿童督导员或区民政局查看后转告；每次查阅都留痕。

household-title = 家庭与监护
kin-father = 父亲
kin-mother = 母亲
kin-guardian = 监护人
# $years (number)
member-age = { $years } 岁
col-source = 出处

categories-title = 困境类别
categories-note = 起止与认定
categories-none = 尚未认定类别
col-category = 类别
col-from = 起
col-until = 止
col-found = 认定
until-now = 至今
category-by-rule = 入户核查

indicators-title = 监测指标
indicators-note = 各部门来源记录
indicators-none = 目前没有指标
col-indicator = 指标
col-day = 日期
col-amount = 数量

visits-title = 走访
visits-none = 还没有走访
matters-title = 线索与事项
matters-none = 没有您可查看的事项
col-number = 编号
col-kind = 事项
col-when = 时间
photos-title = 附件
photos-none = 没有附件，或岗位不可查看
photo-of = { $number } 的照片

history-title = 时间线
history-system = 系统
history-opened = { $kind } { $number } 开立
history-acted = { $kind } { $number }：{ $action }，转入{ $stage }
history-ended = { $kind } { $number }：{ $action }，{ $outcome }
history-late = { $kind } { $number }：收到迟到的报告
history-climbed = { $kind } { $number } 超期升级
history-file-opened = 建立档案
history-file-reopened = 重新启用档案
history-file-closed = 关闭档案：{ $reason }
history-regraded = 等级改为 { $level }
history-category-added = 类别增加 { $category }
history-category-ended = 类别终止 { $category }

readers-title = 最近查阅
readers-note = 链式留痕
readers-none = 还没有查阅记录
purpose-file = 查阅档案
purpose-work = 办理事项
purpose-card = 查看人员
purpose-source = 查看来源记录
purpose-phone = 查看电话
purpose-name = 查看全名

## 调整
change-title = 调整档案
change-level = 调整等级
change-level-to = 新等级
change-reason = 理由
change-reason-help = 至少 5 个字，写入时间线
change-add = 增加类别
change-add-ground = 认定依据
change-end = 终止类别
change-close = 关闭档案
change-close-reason = 关闭原因
change-close-help = 有未办结的线索或个案时不能关闭；关闭后不再安排走访。
change-reopen = 重新启用

## 家庭、成年、合并、他处的档案
kin-parent = 父母
kin-self = 本人
kin-grandparent = 祖辈
kin-sibling = 兄弟姐妹
kin-relative = { $role }（亲属）
kin-unrelated = { $role }（非亲属）
kin-unknown = { $role }（关系未写明）
family-note = 以同住登记和监护人记录为准
family-elders = 祖辈
family-parents = 父母
family-own = 本人与兄弟姐妹
family-others = 其他人
family-guardian = 监护人
family-here = 同住
family-away = 不同住
family-unnamed = 来源记录未写明，请走访时核实
# $count (number)
identity-others = 另有 { $count } 说
file-merged = 与另一份档案合并
file-moved = 现居住地已在 { $area }
file-moved-next = 档案仍在本辖区，办理、走访照旧，直到移交；身份信息和家庭情况由现居住地的岗位查阅。请联系区民政局安排移交。
file-adult = 已于 { $day } 年满十八周岁
file-adult-open = 不再安排新的走访。无未办结事项时，请以「年满十八周岁」关闭档案。
file-adult-closed = 档案只供查阅。
# $level
level-then = 当时{ $level }
# $case, $level
file-regrade = 个案 { $case } 已结案，档案等级仍是当时的「{ $level }」
file-regrade-next = 走访仍按这个等级安排。系统不自动降级，请在「调整档案」里按现在的情况定等级。
list-adult = 已成年，待关闭
elsewhere-title = 档案在别处
elsewhere-says = 这名儿童有一份档案，在另一个辖区。
elsewhere-next = 你的岗位只能知道有这份档案，不能查阅。工作需要时，请向区民政局说明事由，由其联系该档案所在的街道。
change-still-there = 填写的内容还在右侧的表单里，核对后可再提交。
change-choose-again = 这一项已不能选用，请另选
change-mine-add = 增加 { $category }
change-mine-end = 终止 { $category }
# $count (number)
visits-earlier = 更早的 { $count } 次走访

## 办完之后
said-level = 等级已调整，理由已写入时间线。
said-add = 类别已增加，依据已写入时间线。
said-end = 类别已终止，理由已写入时间线。
said-close = 档案已关闭，不再安排走访；需要时可重新启用。
said-reopen = 档案已重新启用，走访按等级安排。
