# 来源、批次、来源行、人员与复核的用语。数字变量写 (number)。

## 来源
feeds-title = 数据来源
# $count (number)
feeds-sub = { $count } 个来源
feeds-feed = 来源
feeds-department = 报送单位
feeds-manner = 报送方式
feeds-rows = 在册行数
feeds-last = 最近一批
feeds-fresh = 新鲜度
feeds-waiting = 待处理
feeds-nothing-waits = 无
feeds-hand-in = 上传
feeds-never = 还没有报送
feeds-full = 全量
feeds-changes = 增量
feeds-today = 今天
# $days (number)
feeds-days-ago = { $days } 天前
feeds-by-command = 系统导入
# $rows (number) $accepted (number) $updated (number) $rejected (number)
feeds-last-figures = 共 { $rows } 行，新增 { $accepted }，更新 { $updated }，隔离 { $rejected }
feeds-foot = 每一行都按原样留存；页面上任何一个值，点一下都能看到它出自哪一行。满 31 天没有新一批即提示。
feed-hand-in = 上传一批
feed-hand-in-note = 先预览，点“入库”前不写入任何记录
feed-file = 文件
# $megabytes (number)
feed-file-help = CSV（UTF-8 或 GB18030）或 .xlsx，最多 { $megabytes } MB。标题行、两级表头、合计行不用删。
feed-next = 上传后看到：识别出的表头和列、前几行（已遮蔽）、新增与更新各多少、哪些行要改。
feed-send = 上传并预览
feed-refused = 这份文件收不了。
feed-columns = 能识别的列
feed-columns-note = 列的次序不限，写法不同也能认
feed-column = 列
feed-headings = 常见写法
feed-required = 必填
feed-key = 编号
feed-full-note = 全量报送：这一批里没有的行标记为不再出现，不删除；超过 5% 时停住，由人确认。
feed-changes-note = 增量报送：这一批里没有的行保持原样。
feed-deliveries = 已收批次
feed-state = 状态
feed-no-deliveries = 这个来源还没有报送过
feed-no-deliveries-wait = 由报送单位或市级上传后列在这里。
feeds-city = 全市批次
feed-city-only = 这里没有您能看的批次
feed-city-only-next = 这个来源按全市一批报送，批次由市级查看。您辖区的行，从线索或档案里任一值旁的来源标记点进去看。
feed-city-only-link = 回到我的工作页
feed-no-deliveries-next = 在上面选择文件上传，先看预览，再决定是否入库。

## 批次
delivery-title = 导入 { $feed }
delivery-sub = { $department }，{ $when }，{ $who } 报送
delivery-state-reading = 正在识别
delivery-state-checked = 待入库
delivery-state-waiting = 排队入库
delivery-state-applying = 正在入库
delivery-state-done = 已入库
delivery-state-held = 已入库，消失待确认
delivery-state-dropped = 已放弃
delivery-drop = 放弃
delivery-go-on = 接着做
delivery-left = 用命令报送时中断了
delivery-left-checked = 文件已核对，尚未入库。可以入库，也可以放弃；放弃不写入任何记录，原件仍留存。
delivery-left-reading = 文件还没读完就停了。可以接着做（读完后先看核对结果，再决定是否入库），也可以放弃。
delivery-left-applying = 只写入了一部分，外面还看不到。请接着做：从停下的地方做完，不丢不重。
# $rows (number)
delivery-apply = 入库 { $rows } 行
delivery-version = 来源说明 { $version } 起用
delivery-foot-kept = 原件已加密留存
delivery-foot-again = 重复导入同一文件不会改变任何数据
steps-label = 导入步骤
step-hand-in = 上传
step-read = 识别
step-check = 核对
step-apply = 入库
step-done = 发布
progress-reading = 正在识别表头、列和每一行。
progress-reading-note = 10 万行约需几秒
progress-waiting = 已排队，马上入库。
progress-applying = 正在入库。
# $done (number) $all (number)
progress-rows = { $done } / { $all } 行
progress-safe = 可以离开或刷新本页；中断后从停下的地方接着做，不丢不重。
progress-refresh = 刷新
progress-long = 比平时久。可能前面还有一批在入库；管理员可在“后台任务”里查看。
flow-label = 本批各类行数，加起来等于数据行
flow-rows = 数据行
# $lines (number)
flow-rows-note = 文件共 { $lines } 行
flow-accepted = 新增
flow-accepted-note = 在册没有
flow-updated = 更新
flow-updated-note = 内容有变
flow-unchanged = 不变
flow-unchanged-note = 与在册相同
flow-duplicates = 重复
flow-duplicates-note = 与前行全同
flow-rejected = 隔离
flow-rejected-note = { $share }，可订正
flow-none = 无
flow-warnings = 已收有提醒
flow-warnings-note = 该值不参与匹配
flow-skipped = 跳过
flow-skipped-note = 标题、合计、空行
flow-gone = 不再出现
flow-gone-note = 只标记，不删除
linking-label = 各行对到了谁
linking-linked = 对上已有的人
linking-linked-note = 自动
linking-new = 新人
linking-new-note = 新建
linking-review = 待人工复核
linking-review-note = 是否同一人
# $gone (number)
held-waiting = 本批有 { $gone } 行不再出现，超过来源的 5%，已停住待确认
# $gone (number)
held-consequence = 若确认：这 { $gone } 行标记为不再出现，由它们得出的情况不再计入筛查；行本身和链接都保留，以后再来会接回同一个人。若保留：一切照旧，等下一批。
# $gone (number)
held-retire = 确认 { $gone } 行不再出现
held-ask = 确认后，{ $gone } 行的情况即刻不再计入筛查，页面上没有撤回。真的要确认吗？
held-retire-now = 是，{ $gone } 行不再出现
held-keep = 保留，等下一批
held-see = 先看这些行
# $gone (number)
held-retired = { $gone } 行已由人确认为不再出现
# $gone (number)
held-kept = { $gone } 行未再出现，已由人决定保留
# $gone (number)
held-overtaken = { $gone } 行曾待确认，后一批已重新给出结果
preview-file = 原文件
preview-line = 行号
preview-fate = 会怎样
preview-masked = 姓名、证件号、电话已遮蔽；入库后在来源行页按岗位查看。
# $count (number)
preview-more-columns = 另有 { $count } 列未列出。
# $line (number)
preview-header-line = 表头在第 { $line } 行
# $first (number) $last (number)
preview-header-lines = 表头在第 { $first }–{ $last } 行
preview-skipped = { $header }；跳过：{ $kinds }
preview-mapping = 列的对应
# $columns (number) $used (number)
preview-mapping-note = { $columns } 列，{ $used } 列对上
preview-heading = 文件的列
preview-target = 对应到
preview-filled = 有值
preview-usable = 可用率
preview-second = { $column }（第二列：前一列为空时取用，电话一并取用）
preview-not-used = 不参与，原样保留
fate-skipped = 跳过
fate-header = 表头
fate-added = 新增
fate-added-warned = 新增，有提醒
fate-updated = 更新
fate-updated-warned = 更新，有提醒
fate-unchanged = 不变
fate-duplicate = 重复
# $row (number)
fate-duplicate-of = 同第 { $row } 行
fate-rejected = 隔离
skipped-title = 标题
skipped-header = 表头
skipped-blank = 空行
skipped-subtotal = 合计
skipped-note = 说明
skipped-end-mark = 结束标记
group-whole-row = 整行
group-empty-cell = { $column }：空
# $count (number)
rejections-title = 隔离 { $count } 行
rejections-all = 逐行查看
# $count (number)
rejections-download = 下载 { $count } 行
rejections-none = 没有隔离的行
rejections-place = 行号
rejections-reason = 原因，原值
rejections-mend = 怎么改
rejections-alike = 同类
# $count (number)
rejections-rows = { $count } 行
rejections-foot = 隔离的行整行不入库，也不会让在册的那一行消失；改好后随下一批报送即可。
# $row
rejections-see-row = { $reason }，见第 { $row } 行
rejections-as-it-came = 原行（已遮蔽）
rejections-file = 隔离行-{ $day }.csv
warnings-title = 已收，有提醒
warnings-note = 有问题的值照原样留存，只是不用来认人
# $count (number)
warnings-all = 看全部 { $kinds } 种
warnings-more = 这里只列最多的 { $shown } 种，共 { $kinds } 种。
warnings-rows = 已收，有提醒 { $count } 行
warnings-none = 没有提醒
warnings-what = 提醒，原值
warnings-places = 在这些行
warnings-foot = 有提醒的行照样入库；下一批改好后自动更新。
gone-title = 本批不再出现
# $count (number)
gone-see = 看 { $count } 行
gone-before = 上批在册
gone-again = 本批又见（更新、不变）
gone-kept = 在隔离中，状态不动
gone-gone = 不再出现
gone-marked = 直接标记
gone-held = 停住待确认
gone-is-held = 超过 5%：入库时停住，由人确认后才标记。
gone-is-marked = 未过 5%：入库时直接标记，不删除；以后再来即恢复。
gone-foot = 超过 5% 时先停住，由人确认
# $count (number)
gone-rows = 不再出现 { $count } 行
gone-name = 姓名
gone-number = 证件号
gone-row = 来源行
# $place
gone-row-at = 原批第 { $place } 行
# $count (number)
gone-unseen = 另有 { $count } 行的人不在您的区域内。
list-back = 返回概览

## 来源行
# $place
row-title = { $feed } 第 { $place } 行
row-sub = { $department }，{ $day } 报送
row-delivery = 所在批次
row-present = 在册
row-superseded = 已被新内容取代
row-gone = 已不再出现
row-cells = 原行
row-cells-note = 每一格都按报来的样子留存
row-as-it-came = 报来的值
row-used = 怎么用
row-empty = 空
row-person = 说的是谁
row-person-unseen = 这一行的人不在您的权限范围内。
row-links = 链接历史
row-values = 取用的值
row-values-note = 归一后的写法
row-indicators = 得出的情况
row-indicators-note = 供筛查使用
row-withheld = 您的岗位查看做了什么，不查看涉及谁。
row-withheld-detail = 姓名、证件、电话、住址、学校班级等内容不显示或已掩码；这次查看已记入日志。需要核对内容的，请所在区民政局的工作人员出示。
# $count (number)
row-indicators-withheld = 由这一行得出 { $count } 项情况，您的岗位不显示是哪些；据此作出的决定见对应的线索。
row-no-indicators = 这一行没有得出情况。
row-indicator = 情况
row-day = 日期
row-amount = 数值
row-versions = 各次内容
row-this = 本行
value-name = 姓名
value-number = 证件号
value-unusable-number = 不可用的号码
value-birth = 出生日期
value-sex = 性别
value-phone = 电话
value-phone-of = { $who }电话
value-place-present = 现住址
value-place-school = 学校所在
value-place-registration = 户籍地
value-school = 学校
value-class = 班级
value-household-role = 与户主关系
sex-male = 男
sex-female = 女
# $years (number)
person-about = { $sex } { $years }
kinship-father = 父亲
kinship-mother = 母亲
kinship-guardian = 监护人
ground-number = 证件号相同
ground-weights = 各项相符，自动对上
ground-former = 沿用前一次内容的链接
ground-first = 由这一行新建
ground-decision = 人工认定

## 复核
review-title = 匹配复核
# $count (number)
review-sub = 待复核 { $count } 件
review-waiting = 待复核
# $from (number) $until (number) $all (number)
review-range = 第 { $from }–{ $until } 件，共 { $all } 件；查看全部
review-empty = 没有待复核的
review-empty-next = 新一批数据入库后，系统拿不准是否同一人的会列在这里。
review-row-person = 新来的行
review-may-be = 可能是
review-weight = 得分
review-cause-between = 相符程度在两条线之间
review-cause-number = 证件号一致，姓名不符
review-cause-number-and-birth = 证件号一致，姓名和出生日期不符
review-cause-gone = 其中一方已不在册
review-cause-two-numbers = 各项相符，但有两个有效证件号
review-state-open = 待认定
review-state-unsure = 拿不准，排在队尾
review-state-same = 同一人
review-state-different = 不同人
review-state-settled = 已无须认定
review-undo = 撤回
review-undo-last = 撤回上一次
review-foot = 证件号仅展开差异位，其余遮蔽
review-same = 同一人
review-different = 不同人
review-unsure = 拿不准，放到队尾
# $place $count (number)
review-source = { $feed } 第 { $place } 行，共 { $count } 行
review-no-rows = 现无在册的行
review-compared = 两条记录逐项比较
review-field = 项目
review-agreement = 一致程度
review-bar = 反证 ← 权重 → 佐证
review-bits = 分
review-missing = 未填
review-of-guardian = 监护人
review-start = 起点
review-total = 合计 { $total }
review-odds-for = 相当于 { $odds } : 1 支持“同一人”
review-odds-against = 相当于 1 : { $odds }，偏向“不同人”
review-model = 匹配模型 { $model }
review-band-new = 另立新人
review-band-ask = 人工复核
review-band-link = 自动对上
review-note = 备注（可不填）
review-note-help = 例：已致电班主任核对
review-your-note = 您刚才写的备注：
review-changed = 这一件刚被改过
review-changed-next = 下面是现在的内容。您的备注还在，请看清后再认定。
review-decided = { $who } 在 { $when } 认定为“{ $what }”
review-decided-kept = 您的认定没有生效，备注还在。如有不同意见，请与对方商量后撤回重定。
review-decided-next = 如需更改，先撤回。
follow-same = 若认定为同一人
# $moved (number) $all (number)
follow-rows = 左侧 { $moved } 行并入右侧，共 { $all } 行归于一人
follow-no-indicators = 不带来新的情况，筛查结果不变
follow-indicators = 带来新的情况：{ $kinds }；会重新筛查
follow-name = 姓名取 { $name }
follow-names = 姓名取 { $name }，{ $others } 留作别名
follow-number = 证件号取 { $number }
follow-undo = 随时可撤回，撤回后逐项复原
follow-different = 若不是
follow-different-keep = 不同人：两人各自保留，这一对以后不再问
follow-unsure = 拿不准：不动，排到队尾，等更多数据
around-title = 旁证
around-cause = 为何要问
around-candidates = 其他候选
# $count (number)
around-others = { $count } 人，次高 { $weight } 分
around-no-others = 无
around-household = 同户
around-no-household = 未登记
around-area = 所在
around-since = 提出

## 人员
search-title = 搜索人员
search-problem = 没有搜。
# $least (number)
search-short = 证件号或电话至少输入 { $least } 位。
# $count (number)
search-found = 找到 { $count } 人
search-hint = 姓名、拼音、首字母、证件号或电话的一段
search-do = 搜索
search-about = 性别、年龄
search-open = 打开
search-nobody = 您的区域内没有这样的人
search-nobody-next = 换一种写法试试：拼音全拼或首字母，或证件号中连续的 4 位以上。
search-how = 输入姓名、拼音、证件号或电话的一段
search-how-next = 只搜您区域内的人；搜了什么会记录在案。
search-too-many = 全市这样的人太多，请再写得具体些
search-cut = 只列出最相近的人，请再写得具体些。
search-foot = 列表一律遮蔽；本次搜索已记录。
history-title = 链接历史
history-rows = 归于此人的行
history-rows-note = 勾选不属于此人的行，可拆出为另一人
history-choose = 选中
history-ground = 链接依据
# $place
history-source = { $feed } 第 { $place } 行
history-note = 拆出的理由
history-split-help = 拆出的行成为一个新的人，姓名、证件号、情况随行走；随时可撤回。
history-split-do = 拆出选中的行
history-not-all = 请选一部分行：全拆出就没有人留下了，或所选的行已不在此人名下。
history-decisions = 人工认定
history-no-decisions = 还没有人认定过。
# $count (number)
history-merged = 认定为同一人，并入 { $count } 行
# $count (number)
history-split = 拆出 { $count } 行
# $count (number)
history-split-from = 由拆出的 { $count } 行而来
history-apart = 认定为不同人
history-undone = 已于 { $when } 撤回
history-foot = 撤回只动当时移动过、之后没人再动过的行。

## 办完之后
said-same = 已认定为同一人，两边的记录已归到一处。
said-different = 已认定为不同人，各自保留。
said-unsure = 已放到队尾，留待再看。
said-next-review = 下面是下一件。
said-no-review = 待复核的已全部看完。
said-undone = 认定已撤回，当时移动的行已还原。
said-split = 选中的行已拆出为另一人。
said-handed-in = 文件已收到，正在识别；未点「入库」前不写入任何记录。
overtaken-state = 待重新核对
overtaken-stale = 核对之后，本来源又有更新的一批入了库
overtaken-stale-detail = 下面的数字是按当时的数据核对的，现在不算数，不能按它入库。请重新核对，再决定是否入库。
overtaken-check = 重新核对
overtaken-back = 入库会退回到旧数据
# $when (text)
overtaken-same-file = 这个文件 { $when } 已报送过，之后又有更新的批次入库。
# $when (text)
overtaken-older = 这个文件比现行的一批（{ $when } 报送）更早报送。
# $gone (text), $updated (text)
overtaken-figures = 入库后 { $gone } 行不再出现，{ $updated } 行改回这个文件里的内容。
overtaken-tick = 我已核对，确实要退回到这个文件的数据
said-check = 正在重新核对，完成后本页自动更新。
said-apply = 已排入入库，完成后本页自动更新为「已入库」。
said-go-on = 已安排接着做，本页会显示进度。
said-dropped = 这一批已放弃，没有写入任何记录。
said-retired = 已确认：这一批里没有的行将标记为不再出现。
said-kept = 已保留：这一批里没有的行维持原样。
