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
fault-not-a-phone = 不是能找到本人的电话：手机 11 位；座机 7 或 8 位，可带区号和分机；不含字母。12345 这类热线不收。
fault-taken = 已有相同的，请换一个。
fault-unknown = 所选的已不存在或已停用，请重新选择。
fault-wrong-level = 该角色的岗位不设在这一级区域，请改选区域。
fault-ends-before = 结束不能早于开始。
fault-overlaps = 此人在这段时间已任该岗位，请改日期。
fault-still-in-use = 仍在使用，不能停用。
post-not-closed = 岗位没有停用
post-held-by = 还有人任职（或待任）：
post-held-next = 请先在「任职人」中结束其任职。
# $count (number)
post-has-tasks = 在办事项 { $count } 件
# $count (number)
post-has-watched = 督办事项 { $count } 件
post-has-tasks-next = 请先由有权派单的人员转办给别的岗位，或给本岗位任命他人。
post-has-tasks-move = 请先由有权派单的人员转办给别的岗位。
post-not-moved = 角色、单位和辖区没有更改
post-move-label = 岗位名称随时可以改。要换角色或换地方，请新建岗位。
post-move-again = 现在已没有妨碍，请再保存一次。
# $names (text)
fault-held-already = { $names }在这段时间已正式任职本岗位，两人会看到、办理同样的事项。确需同时任职请勾选；如属接任，请先结束前任的任职。
field-beside = 与现任同时任职
choice-beside = 是，两人同时任职本岗位
post-see-matters = 查看这些事项
post-see-posts = 本辖区的岗位
post-close-again = 现在已没有妨碍，请再停用一次。
fault-closed = 已停用或来自标准名录，不能更改。
refused-next = 请返回上一页，看清当前情况后再操作。
fault-no-area = 没有这个区域，或不在您的管理范围。请从列表中选，如「南山区 西丽街道」。
fault-no-organisation = 该区域没有叫这个名字的机构。请从列表中选，或先在「机构」里新建。
fault-no-account = 没有这个登录名。请先新建账号。
fault-no-department = 部门类机构须选明是责任清单中的哪个部门。
saved-by-somebody = 另一人
save = 保存
full-stop = 。
list-comma = 、

## 栏目与共用的词
section-label = 系统管理
section-users = 账号
section-posts = 岗位
section-organisations = 机构
section-areas = 区域
section-jobs = 后台任务
section-journal = 操作日志
section-log-ins = 登录日志
section-clock = 办公时钟
filter-all-areas = 全部区域
filter-all-roles = 全部角色
filter-all-kinds = 全部类别
filter-with-closed = 含已停用
field-name = 名称
field-role = 角色
field-area = 区域
field-area-help = 从市、区、街道、社区中选一级，可直接输入名称。
field-area-served = 服务区域
field-organisation = 机构
field-organisation-help = 选服务于该区域的机构；没有时先在「机构」里新建。
field-organisation-kind = 机构类别
field-department = 责任部门
field-department-help = 只有会办部门要选：转介按它找到承办单位。
field-department-none = 不是会办部门
field-title = 岗位名
field-title-help = 同机构、同区域有多个同角色岗位时，用来区分，如「二组」；可不填。
field-posts = 岗位
field-holders = 任职人
field-holding = 任职
field-tenures = 任职记录
field-kind = 任职方式
field-from = 开始日期
field-until = 结束日期
field-until-help = 当日仍在任；长期任职不填。
field-state = 状态
field-time = 时间
field-outcome = 结果
field-from-where = 来源地址
field-code = 统计代码
field-origin = 来源
field-below = 下级数
field-job = 任务
field-due = 应办时间
field-attempts = 已试次数
field-enqueued = 排入时间
field-finished = 结束时间
field-operation = 操作号
field-listener = 监听者
field-heard = 已读到
field-behind = 尚余
field-number = 序号
field-event = 事件
field-who = 操作人
field-about = 涉及
state-open = 在用
state-closed = 已停用

## 账号
users-title = 账号
users-new = 新建账号
users-search = 按姓名或登录名查找
users-with-locked = 含已停用
users-order = 按登录名排序
users-no-post = 未任职
users-empty = 没有符合条件的账号
users-empty-detail = 请放宽区域或勾选「含已停用」；新同事请新建账号。
users-person = 本人
users-login-help = 小写字母开头，可含数字、点、横线、下划线，不用手机号或证件号。
users-first-post = 首个岗位
users-first-post-note = 可不填，以后再任职
users-create = 建立账号
users-create-help = 建立后显示一次性密码，只显示这一次。
user-state-in-use = 在用
user-state-shut = 密码输错，暂时锁定
user-state-locked = 已停用
user-state-one-time = 待本人改密码
user-state-no-password = 未发密码
# $minutes (number)
user-locked-out = 连续输错，锁定还有 { $minutes } 分钟
user-reset = 重置密码
user-lock = 停用账号
user-unlock = 恢复使用
user-lock-own = 不能停用自己的账号
tenure-end-own = 不能结束自己的任职
user-lock-own-next = 请由另一位管理员操作，以免无人能登录。
user-log-ins = 最近登录
user-log-ins-all = 全部
user-log-ins-none = 还没有登录过。
password-title = 一次性密码
password-of = { $name } 的一次性密码
password-help = 只显示这一次，系统中不留存。请当面或电话告知本人；首次登录须改成自己的密码。
password-beside = 该处的同角色岗位已有人任职，已另设「{ $title }」号岗位
password-beside-next = 若是接任，请先结束前任的任职，再到「岗位」任命此人；另设的岗位可停用。
password-done = 已记下，看账号
appoint = 任职
appoint-note = 事项跟着岗位走，换人不用交接事项
appoint-account-help = 输入登录名；没有账号的先新建账号。
tenures-note = 今日、以往和将来
tenures-none = 尚未任职
tenures-none-detail = 没有岗位就看不到业务内容。请在下面为其任职。
holders-none = 还没有人任此岗位
holders-none-detail = 派给空岗的事项会转到上一级。请在下面任命。
tenure-regular = 正式
tenure-cover = 代班
tenure-over = 已结束
tenure-present = 在任
tenure-ahead = 未到任
tenure-open = 长期
tenure-end = 结束任职
tenure-end-day = 最后一天；选今天即时结束
tenure-no-day = 请填任职的最后一天

## 岗位
posts-title = 岗位
posts-new = 新建岗位
posts-create = 建立岗位
posts-order = 按建立先后排序
posts-role-help = 岗位的级别由角色定：儿童主任在社区，督导员在街道。
posts-empty = 没有符合条件的岗位
posts-empty-detail = 请放宽角色或区域；新岗位由角色、机构、区域三项定。
post-vacant = 空岗
post-held = 有人
post-panel = 岗位
post-close = 停用岗位

## 机构
organisations-title = 机构
organisations-new = 新建机构
organisations-empty = 没有符合条件的机构
organisations-empty-detail = 请放宽类别或区域；先有机构，才能设岗位、收转介。
organisation-bureau = 民政部门
organisation-subdistrict-office = 街道办事处
organisation-community-station = 社区工作站
organisation-department = 会办部门
organisation-agency = 社会组织
organisation-close = 停用机构

## 区域
areas-title = 区域
areas-sub = 市、区、街道、社区四级
# $count (number)
areas-below = 下辖 { $count } 个{ $level }
areas-new-name = 新{ $level }的全称
areas-add = 新增{ $level }
areas-rename = 改名
areas-no-code = 无代码
areas-shipped = 标准名录
areas-added = 本市新增
areas-empty = 下面没有区域
areas-empty-detail = 社区是最末一级；其他级可在上面新增。
areas-note = 标准名录随版本更新，不在此改动。新增的区域立即可用于任职和设机构；数据导入从下次启动起识别。
level-city = 市
level-district = 区
level-subdistrict = 街道
level-community = 社区

## 后台任务
jobs-title = 后台任务
jobs-sub = 导入、更新、提醒和督办在后台进行
# $count (number)
jobs-dead = { $count } 个任务多次失败，已停下
jobs-dead-detail = 请看失败原因，排除后重新排入；相关数据在此之前不会更新。
jobs-dead-show = 只看这些
jobs-empty = 没有这样的任务
jobs-empty-detail = 已完成的保留七天。任务由操作带出，不用在此新建。
job-all = 全部
job-waiting = 等待
job-running = 进行中
job-done = 已完成
job-dead = 已停下
job-error = 失败原因
job-revive = 重新排入
listeners = 日志监听
listeners-note = 各模块由日志得知其他模块的事
# $count (number)
listeners-stuck = { $count } 条日志无法处理，其后的都在等
listeners-stuck-detail = 请看失败原因，排除后重投；确实处理不了的先搁置，后面的就能继续，搁置的仍列在下面。
listeners-stuck-show = 看是哪些
refused = 无法处理的日志
refused-note = 监听者反复尝试未成；搁置后可再投
refused-entry = 日志条目
refused-since = 已历时
refused-stuck = 受阻
refused-failing = 重试中
refused-aside = 已搁置
refused-again = 待重投
refused-retry = 重投
refused-skip = 搁置
calendar-ends = 工作日历只到 { $day }
calendar-ended = 工作日历已经用完
calendar-detail = 此后只有周末算休息日，跨节假日的时限会算早。请换装含次年节假日安排的版本（国务院一般在十一月公布）。

## 操作日志
journal-title = 操作日志
journal-sub = 只追加、逐条相扣；列表不显示涉及何人
journal-verify = 核验日志
journal-kind = 事件，如 access.account_created
journal-system = 系统
journal-unnumbered = 待编号
journal-about-person = 某人档案
journal-about-matter = 某事项
journal-about-both = 某人的事项
# $count (number)
journal-bad-day = 日期无法识别，未按日期筛选
journal-bad-day-next = 请写成 2026-12-01 这样的日期。
journal-looked = 已查最近 { $count } 条
journal-empty = 没有符合条件的记录
journal-empty-detail = 请放宽日期，或去掉事件与操作号。
# $count (number)
journal-sound = 日志完整，共核验 { $count } 条
journal-sound-detail = 末条 { $head }。请抄存到别处（序号与校验值），下次核验时填入，即可发现末尾被截。
# $number (number)
journal-sound-since = 第 { $number } 条与留存的一致。现末条 { $head }，请抄存。
# $number (number)
journal-broken = 第 { $number } 条被改过，或其前一条被改过
# $number (number)
journal-missing = 缺第 { $number } 条
# $number (number)
journal-altered = 第 { $number } 条的内容被改过
# $number (number)
journal-cut = 第 { $number } 条与留存的不符，末尾被截或重写
# $number (number)
journal-cut-off = 第 { $number } 条已被读过，现在不在了：末尾被截
journal-emptied = 日志是空的，而库中有账号或数据：日志被清空过
journal-no-head = 应为「序号:校验值」，校验值 64 位，如核验时所示。
journal-whole = 核验与留存
journal-whole-note = 链条自己看不出末尾被截，要与别处留存的末条比对
journal-head = 现末条
journal-kept = 以前留存的末条
journal-kept-help = 序号:校验值，可不填。
# $count (number)
journal-waiting = { $count } 条记录超过一分钟未编号
journal-fault-detail = 请保留现场，停止写入，报安全负责人；用命令 audit verify 复核。

## 谁看过某人
readings-ask = 谁看过此人
readings-hint = 事项编号、身份证号或档案网址
readings-find = 查谁看过
readings-note = 只列查阅记录，身份打码；本次查询也记入日志，输入的号码不留存。
readings-nobody = 没有找到：事项编号要完整，身份证号要 18 位，或贴上档案网址。
readings-title = 查阅记录
readings-sub = 何人、何时、以何岗位、因何事看过；打开本页已记入日志
readings-empty = 还没有人看过
readings-empty-detail = 打开此人的档案、事项、来源记录或照片都会记在这里。
readings-who = 查阅人
readings-post = 岗位
readings-purpose = 因何事
readings-part = 看了什么
readings-matter = 事项编号
reading-for-file = 查阅档案
reading-for-links = 核对归并
reading-for-origin = 核对来源
reading-for-review = 人工复核
reading-for-check = 核实线索
reading-for-assess = 办理个案
reading-for-referral = 办理转介
reading-for-visit = 走访
reading-for-call = 打电话
reading-for-name = 查看全名
reading-for-audit = 审计查看
reading-for-work = 办理事项
reading-of-file = 儿童档案
reading-of-card = 人员资料
reading-of-row = 来源记录
reading-of-form = 填报表
reading-of-answers = 核实结果
reading-of-phone = 电话
reading-of-address = 住址
reading-of-name = 姓名
reading-of-picture = 照片或附件
reading-of-matter = 事项页

## 登录日志
log-ins-title = 登录日志
log-ins-sub = 按法律要求至少保存六个月
log-ins-of = 只看 { $name }
log-ins-unknown = 无此登录名
log-ins-empty = 还没有登录记录
log-ins-empty-detail = 每次登录、失败和退出都会记在这里。
outcome-logged-in = 登录
outcome-logged-out = 退出
outcome-refused = 登录名或密码不对
outcome-locked = 锁定中再试

## 办公时钟
clock-title = 办公时钟
clock-sub = 时限、年龄和记录都按办公时钟
clock-office = 办公时钟
clock-machine = 服务器时间
clock-ahead = 相差
clock-ahead-by = 快 { $span }
clock-same = 一致
clock-how-far = 向前拨
clock-help = 只能向前，不能拨回。到期、提醒和逐级上报会随即发生。
clock-move = 拨快时钟
clock-not-here = 只有演示环境的系统管理员能拨快时钟。
clock-real = 正式环境不能拨时钟
clock-real-next = 时限按真实时间计算。要演示到期和上报，请用演示环境。

## 办完之后
said-user-saved = 账号资料已保存。
said-appointed = 任职已登记。
said-appointed-beside = 任职已登记。该处的同角色岗位已有人任职，所以另设了「{ $title }」号岗位；若是接任，请改到原岗位任命。
said-user-locked = 账号已停用，此人不能再登录。
said-user-unlocked = 账号已恢复使用。
said-tenure-ended = 任职的最后一天已定为 { $day }。
said-tenure-ended-now = 任职已即时结束，此人从现在起不再任此岗位。
said-post-created = 岗位已建立，可在本页任命人员。
said-post-saved = 岗位已保存。
said-post-closed = 岗位已停用。
said-organisation-created = 机构已新建，可为它设岗位。
said-organisation-saved = 机构已保存。
said-organisation-closed = 机构已停用。
said-area-added = 已新增{ $name }。
said-area-renamed = 已改名为{ $name }。
said-job-revived = 任务已重新排入，稍后会再试。
said-clock-moved = 办公时钟已拨快 { $span }。
said-post-chosen = 现以「{ $post }」的岗位办理。
said-entry-retried = 已重投，稍后会再试。
said-entry-skipped = 已搁置，后面的会继续；它仍列在本页，可再投。
