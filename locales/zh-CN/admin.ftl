# 系统管理与登录的用语。

## 登录
log-in-title = 登录
log-in-login = 登录名
log-in-password = 密码
log-in-button = 登录
log-in-help = 没有账号或忘记密码，请找本单位管理员开通或重置。
log-in-left = 已退出登录
log-in-left-detail = 公用电脑请同时关闭浏览器。
log-in-parked = 登录已结束，刚才填写的内容还在
log-in-parked-detail = 用同一账号登录后填回原处，核对后再提交。
log-in-wrong = 登录名或密码不对
# $left (number) $minutes (number)
log-in-wrong-detail = 还可再试 { $left } 次，之后锁定 { $minutes } 分钟。请检查大小写和输入法。
# $minutes (number)
log-in-wrong-last = 已连错多次，锁定 { $minutes } 分钟。到时再试，或请管理员解锁。
# $minutes (number)
log-in-locked = 该登录名已锁定，还有 { $minutes } 分钟
log-in-locked-detail = 连续输错次数过多。到时再试，或请管理员解锁；锁定期间再试不会延长。

## 我的账号
account-title = 我的账号
account-first-title = 设自己的密码
account-first = 请先设自己的密码
account-first-detail = 您用的是管理员发放的一次性密码。设好自己的密码后才能进入系统。
account-choose = 请选择本次办理所用的岗位
account-choose-detail = 您任多个岗位，所见和所办以所选岗位为准，可随时切换。
account-no-post = 您目前没有岗位
account-no-post-detail = 没有岗位看不到业务内容。请本单位管理员为您任职。
account-name = 姓名
account-phone = 工作电话
account-help = 姓名、登录名、电话由管理员维护。
account-posts = 我的岗位
account-posts-note = 所见所办以当前岗位为准
account-post-present = 当前岗位
account-post-choose = 切换到此岗位
account-password = 密码
account-password-old = 当前密码
account-password-one-time = 一次性密码
account-password-new = 新密码
# $length (number)
account-password-rules = 至少 { $length } 个字符，含大写、小写、数字、符号中三种；或用 16 个字符以上的一句话。
account-password-again = 再输一次新密码
account-password-button = 更改密码
account-not-twice-the-same = 两次输入的新密码不同，请重新输入。
# $left (number) $minutes (number)
account-wrong-old = 当前密码不对，还可再试 { $left } 次，之后锁定 { $minutes } 分钟。
# $minutes (number)
account-locked = 当前密码连续输错，锁定 { $minutes } 分钟后再改
account-changed = 密码已更改
account-changed-detail = 其他电脑和手机上的登录已全部退出。
account-home = 进入首页

## 密码与字段的毛病
# $length (number)
password-too-short = 至少 { $length } 个字符。
# $length (number)
password-too-long = 最多 { $length } 个字符。
# $length (number)
password-too-few-kinds = 请用大写、小写、数字、符号中的三种，或写成 { $length } 个字符以上的一句话。
password-holds-login = 不能含有登录名。
password-guessable = 太容易被猜到，请换一个。
password-unchanged = 不能与当前密码相同。
fault-empty = 请填写这一项。
# $limit (number)
fault-too-long = 最多 { $limit } 个字。
fault-not-a-login = 登录名用 2 到 32 个小写字母、数字、点、横线或下划线，以字母开头，不用手机号或证件号。
fault-taken = 已有相同的，请换一个。
fault-unknown = 所选的已不存在或已停用，请重新选择。
fault-wrong-level = 该角色的岗位不设在这一级区域，请改选区域。
fault-ends-before = 结束不能早于开始。
fault-overlaps = 此人在这段时间已任该岗位，请改日期。
fault-still-in-use = 仍在使用，不能停用。
fault-closed = 已停用或来自标准名录，不能更改。
