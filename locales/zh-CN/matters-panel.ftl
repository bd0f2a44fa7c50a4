# 事项办理页：表单、办理、转介、材料、经过。数字变量写 (number)。

level-city = 市
level-district = 区
level-subdistrict = 街道
level-community = 社区

## 页首
head-holder = 持有人 { $holder }
head-ended = 已办结：{ $outcome }
climbed-to = 已升级至{ $level }
post-empty = { $seat }（暂缺）
steps-of = { $kind }各环节
step-due = { $when } 止
step-paused = 已停表
step-passed = 未经过
step-within = 限 { $period }
# $minutes (number)
period-minutes = { $minutes } 分钟
# $hours (number)
period-hours = { $hours } 小时
# $days (number)
period-working-days = { $days } 个工作日
# $days (number)
period-days = { $days } 天

## 表单
index-title = 本步表单
work-known = 已知信息自动带入，只需核对与补充
work-save = 存草稿
# $count (number)
work-missing = （差 { $count } 项）
draft-saved = 草稿 { $when } 已存 { $who }
draft-overtaken = 别人刚存过同一张草稿。没有丢：对方填了、你没填的，已补进表单
draft-overtaken-next = 有 { $count } 项两人填得不同，请在表单上方逐项选用哪一份，再存或提交。
# $count (number)
sheet-faults = 有 { $count } 处要改
sheet-required = 必填
sheet-optional = 选填
# $least (number)
sheet-least = 至少 { $least } 字
sheet-range = { $least } 至 { $most }
sheet-choose = 请选择
# $count (number)
sheet-photos = { $count } 张图片
# $most (number)
sheet-photos-most = 最多 { $most } 张，JPEG、PNG 或 WebP
sheet-person = 已选人员
sheet-from = 带入：
sheet-earlier = 上次提交的答案
sheet-only-when = 仅当{ $condition }时填写
sheet-level-set = 改定级别：{ $level }
when-is = 「{ $question }」为「{ $answers }」
when-least = 「{ $question }」不少于 { $least }
when-not = 并非{ $condition }
when-and = 且
when-or = 或
level-title = 定级
# $points (number)
level-points = 当前得分 { $points }
level-by-rule = 按规则暂定
level-set = 认定级别
level-keep = 按规则
# $least (number)
level-reason = 改定理由（至少 { $least } 字）
level-change = 改定级别，须说明

## 办理
acts-title = 办理
acts-next = 下一步：{ $action }
acts-fill = 填表后{ $action }
acts-elsewhere = 这一步现由{ $holder }办理，{ $since } 起，应在 { $due } 前办完。现在不用您操作。
acts-elsewhere-late = 这一步现由{ $holder }办理，{ $since } 起，应在 { $due } 前办完，已经超期，正在逐级升级。急的可以直接联系对方。
acts-elsewhere-paused = 这一步现由{ $holder }办理，{ $since } 起，计时已暂停。现在不用您操作。
acts-none = 现在没有你要办的事
# $least (number)
act-reason = 理由（至少 { $least } 字）
act-holder = 派给
act-holder-by-place = 按所在地自动分派
act-resume = 恢复计时
act-assign = 转办
act-assign-to = 转给
act-pause = 申请停表
act-pause-reason = 停表理由
act-pause-until = 恢复计时的日子
act-pause-note = 备注（可不填）
act-pause-bounds = 一次最多 { $longest }，本环节累计最多 { $all }
# $load (number)
holder-choice = { $holder }（在办 { $load }）

## 指引
guidance-title = { $stage }指引
guidance-law = 依据
guidance-abstract = 以公布的文本为准

## 转介
refer-title = 转介
# $count (number)
refer-open = { $count } 件未办结
refer-waiting = { $count } 件没有办成，待处理
refer-unmet = 这件事还没有着落。请再转、另行解决，或写明为什么不再办理；处理完才能结案。
refer-new = 新转介
refer-none = 还没有转介
refer-to = 转给谁，办什么
refer-others = 其他单位（不按职责清单）
refer-what = 一句话说明要办的事
refer-summary = 情况与要求
refer-help = 对方只看到这张表的内容，看不到个案。只写办这件事必需的信息。
refer-send = 发出转介
refer-cancel = 取消
refer-again = 再转
refer-again-help = 上次退回、没有办成或撤回的转介，修改后再发；发出后，上一件不用再处理
refer-note = { $when } 发出 { $duty }
refer-terms = { $answer }内应答，{ $done }内办结
refer-duty = { $organisation }：{ $duty }（{ $terms }）
refer-nobody = { $duty }（单位尚未设置）
refer-vacant = { $label }（联络岗位无人在任，收不到）
refer-no-contact = { $label }（没有联络岗位，收不到）
refer-told-help = 已从档案带入。这件事用不着的请清空；留空的不会告诉对方。
# $classes (number) $duties (number)
refer-list = 责任清单，{ $classes } 类 { $duties } 项

## 材料
papers-title = 材料
request-title = 请你审批的申请
# $forms (number) $photos (number)
papers-note = 表单 { $forms } 份，图片 { $photos } 张
papers-none = 还没有材料
papers-attach = 附照片或文书
papers-choose = 选择图片
papers-caption = 说明（可不填）
# $number (number)
photo = 图片 { $number }
# $points (number)
paper-late = { $form }（迟到）
paper-late-note = { $written } 写，{ $arrived } 送达，{ $who }
paper-score = { $points } 分，{ $level }
# $points (number), $rule, $level, $who
paper-score-set = { $points } 分，按分数应为{ $rule }，{ $who }改定为{ $level }
paper-withheld = { $count } 项回答不在您岗位可看的范围内
settle-title = 两人填得不同的 { $count } 项
settle-help = 逐项选用哪一份；都不对的，选「我填的」，在下面改。
settle-each = 逐项选
settle-all = 全部用对方的
settle-mine = 我填的
settle-theirs = 对方填的
work-kept = 上次没有存的内容已补回，请核对后存草稿或提交

## 经过
history-title = 经过
history-system = 系统
history-ahead = 到时未办，升级至{ $level }
history-graded = 程度改为{ $severity }
history-opened = 登记{ $kind } { $number }
history-acted = { $action }，进入{ $stage }
history-ended = { $action }，{ $outcome }
history-assigned = 转办给 { $holder }
history-paused = 停表：{ $reason }，{ $until } 恢复
history-resumed = 恢复计时
history-regraded = 程度变更
history-taken-back = 撤回了上一步
history-late = 迟到的报告：{ $form }
history-written = 手机时间 { $when } 写
history-joined = 并入新情况 { $number }
history-referred = 转介给 { $organisation } { $number }
history-referral-moved = { $organisation }：转介{ $state }
history-attached = 附图片
history-reminded = 系统提醒：即将到期
history-climbed = 超期，升级至{ $level }
history-still-late = 仍超期

## 冲突
conflict-stage = 环节
conflict-holder = 持有人
conflict-reason = 理由

## 办完之后
said-moved = 「{ $action }」已办：{ $what } 转入「{ $stage }」，由{ $holder }办理。
said-stays = 「{ $action }」已记录：{ $what } 仍在「{ $stage }」，时限不变，{ $due }前须办好。已告知：{ $told }。
note-late = 有一份迟到的报告：{ $form }
note-late-by = { $who }，手机时间 { $written } 写，{ $arrived } 送达。内容见材料。
note-joined = 有新情况并入：{ $number }
note-joined-by = { $who }，{ $when }。先看内容，再办下一步
note-joined-read = 看内容
note-sent-back = { $action }：{ $reason }
note-sent-back-by = { $who }，{ $when }
note-waiting = 有 { $count } 件转介被退回或没有办成：所求的事现在没有人办
note-waiting-next = 请在「转介」里逐件处理：再转、另行解决，或写明为什么不再办理。处理完之前不能结案。
said-ended = 「{ $action }」已办：{ $what } 已结束，结果为「{ $outcome }」。
said-you = 您
said-gone = 它已不在您的列表中。
said-assigned = { $what } 已转给{ $holder }。
said-paused = { $what } 已停表，{ $until } 恢复计时。
said-resumed = { $what } 已恢复计时，限 { $due } 前办完。
said-draft = 草稿已存，尚未提交。
said-referred = 转介 { $number } 已发给{ $organisation }，退回或办结时会通知您。
# $count (number)
said-attached = 已附图片 { $count } 张。
