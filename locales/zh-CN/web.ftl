# 外壳与部件的用语。数字变量写 (number)，以便千分位与单复数。

-product = 守望

## 外壳
shell-name = { -product }
shell-program = 未成年人保护个案管理
shell-skip = 跳到正文
shell-menu = 主导航
shell-area = 区域
shell-search = 姓名、拼音、证件号或电话片段
shell-search-label = 搜索
shell-clock = 办公时钟 { $time }，快 { $span }
shell-demo = 演示数据
shell-demo-help = 本系统中的人均为虚构
# $count (number) 未读通知
shell-notices = 通知 { $count } 条
shell-user = 本人
shell-account = 我的账号
shell-log-out = 退出登录
shell-language = 切换为 { $language }
shell-given-back = 登录已恢复，上次没交上的内容已填回。请核对后再提交。
shell-given-back-files = 登录已恢复，上次没交上的内容已填回，照片和文件请重新选择。
shell-back = 返回
shell-more = 更多

## 页脚
foot-as-of = 数据截至 { $time }
foot-rule-version = 规则版本 { $version }
foot-on-record = 本页查阅已留痕
foot-operation = 操作号 { $number }
foot-keys = 快捷键

## 出错
error-not-found = 没有这个页面或记录
error-not-found-next = 网址可能有误，或该记录不在您的权限范围内。请从左侧栏目进入，或在待办里按编号筛选。
error-not-allowed = 您的岗位不含此项操作
error-not-allowed-next = 如工作需要，请向本单位管理员申请岗位权限。
error-password-first = 请先改密码
error-password-first-next = 当前密码由管理员发放，只能用一次。请在「我的账号」设自己的密码后再继续。
error-log-in = 登录已结束
error-log-in-next = 请重新登录。已填写的内容会保留，登录后填回原处。
error-conflict = 该记录刚被他人改过
error-conflict-next = 请返回刷新，看清新内容后再改。
error-not-understood = 看不懂这个请求
error-not-understood-next = 网址或表单内容不完整。请返回上一页重新操作。
error-foreign-form = 这张表单不属于当前登录
error-foreign-form-next = 可能已在别处重新登录。请返回原页面刷新后再提交。
# $megabytes (number) 上限
error-too-large = 内容过大，最多 { $megabytes } MB
error-too-large-next = 请压缩图片或拆分文件后再上传。
error-busy = 系统正忙，未能及时办完
error-busy-next = 已填写的内容没有丢失，请稍后再试一次。
error-done-before = 这张表单已经提交过
error-done-before-next = 没有重复办理。请从左侧栏目查看结果。
error-internal = 系统出错，本次操作没有生效
error-internal-next = 请再试一次；如仍出错，请把操作号告诉管理员。
error-home = 回到首页
error-again = 再试一次
error-without-filters = 去掉筛选再看

## 表单
form-required = 请填写这一项。
form-choose = 请选择一项。
form-choose-file = 请选择文件。
form-unknown-choice = 没有这个选项，请重新选择。
# $limit (number) $length (number)
form-too-long = 最多 { $limit } 个字，现在 { $length } 个。
# $least (number) $length (number)
form-too-short = 至少写 { $least } 个字，现在 { $length } 个。
form-not-a-number = 请填整数。
# $least (number) $most (number)
form-out-of-range = 应在 { $least } 到 { $most } 之间。
form-not-a-day = 请填日期，例：2024-11-14。
form-day-out-of-reach = 应为 1800 至 2199 年间的日期；没有期限的请留空。
form-optional = 可不填
form-please-choose = 请选择
# $count (number)
form-faults = 有 { $count } 项要改，已填的都还在
form-remove = 去掉

## 部件
severity-urgent = 紧急
severity-high = 高
severity-medium = 中
severity-low = 低
sample = 样例
sample-help = 来源文件未给出此数，出厂值仅为样例，可在参数中改
clock-late = 超 { $span }
clock-due = 截止 { $time }
clock-paused = 停表，剩 { $span }
# $span
clock-paused-late = 停表，已超 { $span }
clock-none = 无时限
masked-help = 已按岗位遮蔽
withheld = 有此项，按岗位不予显示
# $count (number)
sourced-others = 另有 { $count } 说
sourced-agreed = 各源一致
# $shown (number) $total (number)
pager-summary = 本页 { $shown } 条，共 { $total } 条
# $shown (number)
pager-shown = 本页 { $shown } 条
pager-first = 首页
pager-next = 下页
pager-previous = 上页
pager-last = 末页
# $from (number), $until (number), $total (number)
pager-range = 第 { $from }–{ $until } 条，共 { $total } 条
pager-label = 翻页
steps-done = 已完成
steps-now = 进行中
steps-ahead = 未到
steps-skipped = 已跳过
timeline-ahead = 将到
conflict-title = { $who } 在 { $when } 先保存了
conflict-help = 您填的没有丢。标黄处两份不同，请看清后选择。
conflict-field = 项目
conflict-theirs = 对方已保存
conflict-mine = 您填的
filter-apply = 筛选
filter-clear = 清除
table-choose-all = 全选
table-choose-row = 选中此行

## 时间
show-yesterday = 昨日 { $time }
show-today = 今日 { $time }
show-tomorrow = 明日 { $time }
# $days (number)
show-days-and-time = { $days } 天 { $time }
# $minutes (number)
show-minutes = { $minutes } 分
# $hours (number)
show-hours = { $hours } 时
# $hours (number) $minutes (number)
show-hours-and-minutes = { $hours } 时 { $minutes } 分
# $days (number)
show-days = { $days } 天
# $days (number) $hours (number)
show-days-and-hours = { $days } 天 { $hours } 时
show-monday = 星期一
show-tuesday = 星期二
show-wednesday = 星期三
show-thursday = 星期四
show-friday = 星期五
show-saturday = 星期六
show-sunday = 星期日

## 部件总览
gallery-title = 部件总览
gallery-sub = 供开发页面的人对照

## 没有信号
offline-title = 没有信号
offline-kept = 这一页现在打不开。您写下的还在：没送达的内容存在这部手机上，有信号后会自动上传。
offline-go = 走到有信号的地方，点「再试」，回到刚才的页面接着填。
offline-leave = 送达之前，不要退出登录，也不要清除浏览器数据。
offline-danger = 孩子正有危险，先打 110，不等信号。
offline-again = 再试
