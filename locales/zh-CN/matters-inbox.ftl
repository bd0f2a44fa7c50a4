# 待办与通知。数字变量写 (number)。

inbox-title = 我的待办
# $count (number)
head-mine = 本岗位在办 { $count } 件
# $count (number)
head-listed = 共 { $count } 件
# $group, $view
title-view = { $group } · { $view }
view-filtered = 筛选结果
# $count (number)
head-late = { $count } 件已超期
# $count (number)
head-soon = { $count } 件即将到期
views-label = 视图
views-mine = 我的
views-area = 本区域
views-referred = 转给本单位
views-kind = 按类型
view-mine = 我的待办
view-soon = 即将超期
view-late = 已超期
view-done = 我已办结
view-area = 全部在办
view-area-late = 区域内超期
view-area-soon = 区域内即将超期
view-area-paused = 已停表
standing-open = 在办
standing-late = 已超期
standing-soon = 即将超期
standing-paused = 已停表
standing-closed = 已办结
filter-number = 编号片段
filter-standing = 状态
filter-severity = 程度
filter-severity-all = 程度：全部
filter-kind = 类型
filter-kind-all = 类型：全部
filter-stage = 阶段
filter-stage-all = 阶段：全部
filter-area = 区域
filter-area-all = 区域：全部
filter-apply = 筛选
order-due = 按截止时间排序，先到期在前
order-due-danger = 危急的在前，其余按截止时间，先到期在前
order-closed = 按办结时间排序，新的在前
list-label = 事项列表
list-nothing = 现在没有在办的事项
list-nothing-next = 有新的会列在这里，并在右上角铃铛提示
list-empty = 没有符合的事项
list-empty-mine = 本岗位没有在办事项，可看本区域
list-empty-other = 换个条件再看
bulk-help = 按现住址自动分派给社区儿童主任
bulk-chosen = { $verb }所选
# $count (number)
bulk-all = { $verb } { $count } 件
# $count (number)
dispatch-none = 没有派发任何事项
dispatch-none-next = 请先在左侧勾选，再按「派发所选」。
dispatch-done = 已派发 { $count } 件
# $count (number)
dispatch-left = 另有 { $count } 件已被别人办理或无人可派，没有动
tick = 选中 { $number }
supervised = 督办
col-left = 剩余时限
col-severity = 程度
col-person = 儿童
col-matter = 事项
col-number = 编号
col-stage = 阶段
col-area = 区域
col-holder = 持有人
col-changed = 更新
col-when = 时间
col-what = 通知
sex-female = 女
sex-male = 男
key-move = 上下
key-tick = 选中
key-open = 打开
key-find = 查找
notices-title = 通知
# $count (number)
notices-unread = 未读 { $count } 条
notices-read = 全部标为已读
notices-none = 没有通知
notice-gone = 已撤回或不在可见范围
notice-assigned = 交给你办
notice-reminder = 即将到期
notice-late = 已超期并升级
notice-climbed = 超期升级到你
notice-still-late = 仍超期
notice-alert = 紧急
alerted = 紧急危险
notice-since = { $when } 上报
notice-late-report = 迟到的报告
notice-joined = 并入新情况
notice-referral-moved = 转介有进展
notice-sent-back = 申请被退回
notice-approved = 申请已同意

## 办完之后
said-all-read = 通知已标为已读。
find-hint = 姓名、拼音、证件或电话片段、编号
find-do = 查找
# $persons (number) $count (number)
find-found = 找到 { $persons } 人，{ $count } 件
# $persons (number) $count (number)
find-cut = 找到的人太多，只看前 { $persons } 人，{ $count } 件；多写几个字再找
find-clear = 清除
filter-holder = 持有人
filter-holder-all = 持有人：全部
held-by-me = 我的岗位
held-by-office = 本单位各岗位
held-by = { $holder }（{ $count }）
order-opened = 按开立时间排序，新的在前
standing-any = 在办和已办结
list-empty-found = 只找您权限内的人和事项；要连已办结的一起找，请改选「在办和已办结」
