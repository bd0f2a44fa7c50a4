# 儿童主任在门口用的手机页。短句，口语，不用系统词。带 {n} 的由脚本填数。

## 同步
phone-synced = 已同步
phone-waiting = 待传 { $n } 件
phone-delivered = 已送达 { $time }
phone-sending = 正在传
phone-offline = 没有信号
phone-kept-here = 已存本机
phone-log-in-again = 请重新登录
phone-stuck = 有 { $n } 件要你看
phone-strip-offline = 没有信号，照常工作
phone-strip-log-in = 登录已结束，重新登录后自动上传
phone-strip-kept = { $n } 件存在本机，有信号自动上传。时限照走。
phone-state-waiting = 未送达
phone-state-done = 已送达 { $time }
phone-state-conflict = 要你看
phone-state-refused = 没收下
phone-look = 去看
phone-discard = 不要了
phone-discard-sure = 去掉后，这份内容就没有了。确定不要？
phone-queue-empty = 没有等着上传的东西
phone-kept-title = 已存本机，还没送达
phone-kept-text = 有信号会自动上传，不用再填。时限照走；孩子有危险，先打 110。
phone-to-today = 回到今天
phone-to-log-in = 重新登录
phone-conflict-look = 按现在的情况看
phone-conflict-mine = 仍交我写的
phone-conflict-theirs = 现在的情况
phone-conflict-own = 你写的
phone-conflict-nothing = （没有写）
phone-comma = 、

## 底栏与顶栏
tab-today = 今天
tab-notices = 通知
tab-me = 我的
back = 返回

## 今天
today-title = 今天
# $area 社区 $day 日期 $weekday 星期
today-sub = { $day } { $weekday }，{ $area }
today-accept = 待签收
today-do = 今天要办
today-later = 以后
today-later-note = 不急，到时再来
# $count (number)
today-count = { $count } 件
today-none = 今天没有要办的
today-none-detail = 新线索派来、走访到期，会出现在这里。
today-go = 去核查
today-visit = 去走访
today-see = 看一眼
today-call = 电话
today-map = 导航
today-more = 还有更多，办完这些再出现
kind-lead = 线索核查
kind-visit = 定期走访
lead-of = { $severity }核查
late = 超 { $span }
left = 还剩 { $span }
until = { $when } 前
paused = 已停表
ended = 已办结
unsent = 未送达
age-years = { $years } 岁
age-unknown = 年龄不详
sex-male = 男
sex-female = 女

## 一条线索
lead-title = 线索核查
visit-title = 定期走访
lead-escalates = { $when } 没办，上报{ $level }
lead-why = 为什么要去
# $count (number)
lead-all-reasons = 全部 { $count } 条依据和分值
lead-points = { $points } 分
lead-stale = 来源已更正，仅供参考
lead-gone-since = 来源自 { $day } 起不再提供，仍请当面看一看
lead-no-reasons = 没有写明依据，请问派发的人
lead-source = { $source }，{ $day }
lead-full-name = 全名
lead-full-name-help = 显示全名，会留下记录
lead-address = 住址
lead-no-address = 住址不详，先打电话问
lead-with = 同住：{ $people }
lead-with-nobody = 同住：不详
lead-guardians = 监护人：{ $people }
lead-guardian-unnamed = 有一位，姓名不详
lead-school = 学校：{ $school }
lead-safety-title = 你的安全
lead-safety = 先在门外谈。不说是谁反映的。觉得危险就离开，打 110。
lead-accept = 签收，我去
lead-return = 去不了
lead-start = 开始核查
lead-continue = 接着填
visit-start = 写走访
visit-last = 上次走访
visit-plan = 每 { $every } 一次
visit-first = 还没走访过
lead-paused = 停表到 { $when }：{ $reason }
lead-not-yours = 这件现在不归你办
lead-harm-call = 伤害可能来自家里：上门前不要给家里打电话，督导员同意的除外。
lead-map = 导航
lead-call = 打给{ $who }
lead-no-phone = 没有电话
kin-father = 父亲
kin-mother = 母亲
kin-guardian = 监护人
kin-grandparent = 祖辈
kin-sibling = 兄弟姐妹
kin-relative = 亲属
kin-other = 同住人

## 电话与导航
call-title = 打电话
call-recorded = 这次查看已留下记录
call-dial = 拨打 { $number }
map-title = 去这里
map-open = 打开地图
map-copy = 地图打不开时，照这个地址找
map-place = 地址

## 退回
return-title = 去不了
return-ask = 为什么去不了
return-more = 补一句
return-help = 写明原因，督导员另派别人
return-missing = 请选一个原因，或写一句
return-send = 退回督导员

## 表单
form-question = 第 { $n } 题，共 { $all } 题
form-question-first = 第 { $n } 题
form-answered = 已答 { $n } 题，共 { $all } 题
form-next = 下一题
form-skip = 跳过
form-many = 可多选
form-optional = 可不填
form-known = 登记上是：{ $what }。以你看到的为准
form-take = 与登记一致，填入
form-check-all = 看一遍，再提交
form-change = 改
form-missing = 还没答
form-none = 没填
form-submit-check = 提交核查
form-submit-visit = 提交走访
form-danger = 紧急危险
form-camera = 拍照
form-album = 相册
form-photo = 照片
form-photo-waiting = 未送达
form-photo-done = 已送达
form-photo-remove = 去掉这张
form-photo-count = { $n } 张
form-draft-saved = { $time } 已保存
form-draft-here = { $time } 存在本机
form-draft-restored = 已恢复 { $time } 写的
form-draft-both = 这部手机上写的和别处保存的不一样，两份都在：接着用哪一份？
form-draft-title = 这张表在别处也写过
form-draft-theirs = 用别处写的
form-draft-mine = 用我写的
# $count (number)
form-faults = 有 { $count } 题要改，已填的都还在
form-sample = 题目为样例

## 紧急危险
danger-title = 孩子现在有危险？
danger-what = 点「马上上报」后：立即立案，通知{ $levels }。没有信号时先打 110，这份上报存在本机，有信号自动上传。
danger-send = 马上上报
danger-call = 打 { $number }
danger-back = 返回，继续填写

## 办完
done-title = 已交
done-not-found = 已记下：没找到
done-not-found-next = 督导员会看到，可能再派一次。知道新地址的，请告诉督导员。
done-no-risk = 已记下：没有风险
done-no-risk-next = 这件办结了。以后再有新情况，会再派来。
done-in-difficulty = 已认定：困境儿童
done-file-opened = 已建档案，以后定期走访
done-category = 类别：{ $category }
done-case-opened = 已立案 { $number }
done-case-joined = 已有个案 { $number }，这次情况已并入
done-danger = 紧急危险，已立案
done-danger-next = 不要离开孩子，等人到场。能带到安全处就先带走。
done-alerted = 已通知 { $who }
done-alerted-at = { $time } 发出
done-call = 现在就打
done-call-sample = 样例号码，不能拨打，请先打 110
done-fine = 已记下：平稳
done-concern = 已记下：需关注，督导员已收到
done-not-met = 已记下：没见到，督导员已收到
done-cancelled = 这次走访取消了
done-dismissed = 这条线索不成立
done-returned = 已退回督导员
done-next-visit = 下次走访：{ $when }
done-receipt = 回执 { $time }，{ $number }
done-answers = 你交的内容
done-handed-by = { $who } 交

## 命令的回答
command-moved = 这件事已经有人办过了
command-moved-next = 左边是现在的情况，右边是你写的。你写的没有丢，请看清后再定。
command-gone = 这件已经改派，不在你手上了
command-gone-next = 你写的还在本机。需要交给接手的人，请联系督导员。
lead-said = { $action }：{ $reason }
lead-said-by = { $who }，{ $when }
late-title = 迟到送达
late-note = { $form }，{ $who } 手机时间 { $written } 写，{ $arrived } 送达
late-known = 这份之前已送达
late-handed-on = 迟到送达：你写的和照片已转给现在的承办人
late-ended = 迟到送达：这件已办结，你写的和照片已附上，并已告知督导员
late-danger-opened = 紧急危险已送达：已立案，督导员和区民政局已得到通知
late-danger-joined = 紧急危险已送达：已并入孩子在办的个案，承办人、督导员和区民政局已得到通知
command-stage = 环节
command-holder = 承办
command-changed = 变动时间
command-faulty = 有几题要改
command-draft-moved = 这张表在别处也写过
photo-unreadable = 照片没有收到

## 通知
notices-title = 通知
notices-none = 没有通知
notices-none-detail = 派来新件、快到期、要你补充，都会在这里说。
notices-read-all = 全部看过
notices-unread = 未读 { $n } 条
notice-assigned = 派给你了
notice-reminder = 快到期了
notice-late = 超时了
notice-climbed = 超时上报到你
notice-still-late = 一直没办
notice-alert = 紧急危险
notice-since = { $when } 上报
notice-late-report = 收到迟到的报告
notice-joined = 有新情况并入
notice-referral-moved = 转介有进展
notice-sent-back = 你申请的被退回
notice-approved = 你申请的已同意
notice-other = 有变动

## 我的
me-title = 我的
me-post = 岗位
me-area = 管的地方
me-open = 手上
me-late = 超时
me-queue = 上传
me-queue-note = 送达后才算交了
me-log-out = 退出登录
me-log-out-note = 没送达的内容留在本机，下次登录接着传
me-language = 语言
me-synthetic = 演示数据，人均为虚构
