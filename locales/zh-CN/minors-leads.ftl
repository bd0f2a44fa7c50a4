# 线索列表与线索页
leads-title = 线索
# $all (number), $late (number), $soon (number)
leads-sub = 在办 { $all } 件，已超期 { $late } 件，即将到期 { $soon } 件
leads-tabs = 线索的状态
leads-open = 在办
leads-late = 已超期
leads-soon = 即将到期
leads-paused = 已暂停
leads-closed = 已办结
leads-nothing = 现在没有在办线索
leads-nothing-detail = 数据入库后，由规则提出的线索会列在这里
leads-nothing-closed = 看已办结的
leads-none = 没有符合条件的线索
leads-none-detail = 换个筛选条件，或看全部在办线索
leads-all = 全部在办
leads-level = 程度
leads-level-any = 程度：全部
leads-stage = 阶段
leads-stage-any = 阶段：全部
leads-area = 区域
leads-area-any = 区域：全部
leads-filter = 筛选
leads-order = 先到期在前
leads-order-closed = 按办结时间，新的在前
leads-order-opened = 按开立时间，新的在前
# $count (number)
leads-waiting = { $count } 件待派发
leads-proposed = 按现住址建议
leads-to = 件给
# $count (number)
leads-more-posts = 另 { $count } 个岗位
# $count (number)
leads-without = { $count } 件所在地还没有岗位
# $count (number)
lead-dispatch = 派发 { $count } 件
# $count (number)
leads-sent = 已派发 { $count } 件
leads-sent-detail = { $when } 派发，对方签收前可以撤回
leads-undo = 撤回这次派发
# $count (number)
leads-back = 已撤回 { $count } 件，回到待派发
leads-head-clock = 剩余时限
leads-head-child = 儿童
leads-head-reasons = 依据
leads-head-number = 编号
leads-head-holder = 持有人
leads-head-changed = 更新
leads-withdrawable = 依据已不足
lead-foot-proposal = 线索由规则提出，须由人确认后才入户、立案或认定
lead-foot-sample = 分值与时限
lead-no-community = 社区不详
lead-female = 女
lead-male = 男
# $day, $place
lead-row-place = { $day } 批次，第 { $place } 行
lead-sub = 线索 { $number }，{ $day } 提出
lead-child = 儿童
lead-open-file = 打开档案
lead-no-card = 儿童的身份信息不在您岗位可看的范围内（不在您的辖区，或岗位不含此项）。只显示线索和判断依据，不显示学校、班级、证件号码。工作需要的，请向现住地督导员了解。
lead-to-row = 看来源行
# $count (number)
lead-masked = { $count } 项已按岗位遮蔽
lead-household = 同住人
lead-no-household = 没有来源说明与谁同住
lead-why = 为什么提出这条线索
# $count (number), $points (number)
lead-why-note = { $count } 项指标，合计 { $points } 分
lead-head-indicator = 指标
lead-head-source = 来源与行号
lead-head-rule = 规则
lead-head-points = 分值
lead-total = 合计
lead-levels-sample = { $levels }（样例）
# $number (number)
lead-note-number = 数值 { $number }
lead-note-day = { $day }
# $count (number)
lead-note-more = 另 { $count } 条依据
lead-rows = 原始记录
lead-rows-note = 各部门交来的原样，标黄处为判断依据
# $count (number)
lead-rows-count = 共 { $count } 条
lead-no-rows = 没有来源记录
lead-row-gone = 来源已不再提供
lead-row-corrected = 来源已更正
# $place
lead-row-now = 现为 { $place }
# $count (number)
lead-why-retired = 另有 { $count } 项来源已不再提供，不计分
lead-gone-since = 来源自 { $day } 起不再提供
lead-reason-gone = { $reason }（{ $since }）
lead-points = { $points } 分
lead-ended = { $count } 条依据已更正或不再提供
lead-ended-detail = 分值已按现有依据重算；程度不会自动降低，由人判断。
# $points (number)
lead-withdrawable = 依据已不足：现得 { $points } 分，低于线索门槛
lead-withdrawable-detail = 建议判定不成立。系统不会自动撤销，请看过来源行后由人确认。
# $points (number)
lead-withdraw-reason = 来源记录已更正或不再提供，现得 { $points } 分，低于线索门槛
lead-proposed = 按现住址建议 { $name }
lead-proposed-after-return = 已有人退回，改建议 { $name }
lead-proposed-fallback = 社区没有在岗儿童主任，建议 { $name }
lead-proposed-nowhere = 来源没有写明住在哪个社区，建议 { $name }
lead-history = 经过
lead-line-name = 姓名
lead-line-number = 证件号
lead-line-birth = 出生
lead-line-sex = 性别
lead-line-phone = 电话
lead-line-present = 现住
lead-line-community = 所属社区
lead-placed-own = { $name }，按本人较早的来源行；最新地址没写社区
lead-placed-household = { $name }，按同住人的来源行；本人地址没写社区
lead-placed-house = { $name }，按同一住处监护人的来源行；本人地址没写社区
lead-line-school-place = 学校地址
lead-line-registration = 户籍
lead-line-school = 学校
lead-line-class = 班级
lead-kin-father = 父亲
lead-kin-mother = 母亲
lead-kin-grandparent = 祖辈监护
lead-kin-guardian = 监护人
# $points (number)
lead-told-screened = 由规则提出，得分 { $points }
# $points (number)
lead-told-joined = 新指标并入，得分 { $points }
# $points (number)
lead-told-marked = 有依据不再成立，得分 { $points }
lead-told-returned = 来源重新提供依据，得分 { $points }
lead-told-new = 新增依据：{ $reasons }
lead-told-back = 来源重新提供：{ $reasons }
lead-told-was-gone = { $reason }（{ $day } 起曾不再提供）
lead-told-gone = 来源不再提供：{ $reasons }
lead-told-now = 现得 { $points } 分
lead-told-rules = 规则 { $version }
lead-ended-as = 已办结：{ $outcome }
lead-on-phone = 在手机页填写
lead-request = 请您定的核查
lead-request-note = 看到的与「无风险」不一致，逐项看过再定
