//! Why a row was set aside, and what was noted on a row that was taken: stable codes, and their wording with mend.
//!
//! Only five situations, (a) to (e), set a row aside (issue 4, "What a delivery does"); everything else is a warning.

use serde::{Deserialize, Serialize};

/// What happened and what to do about it, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub mend: &'static str,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $key:literal, $zh_what:literal, $zh_mend:literal, $en_what:literal, $en_mend:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $key)] $variant,)*
        }

        impl $name {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// A name that never changes, for tables and interfaces.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// The code with this key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.key() == key)
            }

            /// Wording in Chinese.
            pub fn chinese(self) -> Wording {
                match self { $(Self::$variant => Wording { what: $zh_what, mend: $zh_mend },)* }
            }

            /// Wording in English.
            pub fn english(self) -> Wording {
                match self { $(Self::$variant => Wording { what: $en_what, mend: $en_mend },)* }
            }
        }
    };
}

codes! {
    /// Why a row was not taken.
    RejectionCode {
        /// (a) There is neither a name nor a usable identity number.
        PersonMissing = "person_missing", "没有姓名，也没有可用的证件号", "请补上姓名或证件号后重新上报",
            "There is neither a name nor a usable identity number", "Add the name or the number and send the row again";
        /// (a) What stands in the name's cell is no name, and there is no usable identity number.
        PersonUnreadable = "person_unreadable", "姓名读不出，也没有可用的证件号", "请填写本人姓名",
            "The name cannot be read, and there is no usable identity number", "Write the person's name";
        /// (a) The name's cell labels a home without people.
        EmptyHome = "empty_home", "这是空户的标注，不是人", "空户不用上报；有人居住时请填写姓名",
            "This labels an empty home, not a person", "Leave empty homes out; if somebody lives there, write the name";
        /// (a) A required cell is empty.
        RequiredEmpty = "required_empty", "必填项是空的", "请补上这一格",
            "A required cell is empty", "Fill the cell";
        /// (a) A required cell cannot be read.
        RequiredUnreadable = "required_unreadable", "必填项读不出", "请按列的要求改写这一格",
            "A required cell cannot be read", "Write it as the column asks";
        /// (b) The day of an event does not exist.
        EventImpossible = "event_impossible", "日历上没有这一天", "请核对年月日",
            "The calendar has no such day", "Check year, month and day";
        /// (b) The day of an event lies in the future.
        EventFuture = "event_future", "日期晚于今天", "请核对年份",
            "The day lies in the future", "Check the year";
        /// (c) The starred key stands on an earlier row with other content.
        KeyConflict = "key_conflict", "同一编号在前面的行已有，内容不同", "请留下正确的一行",
            "An earlier row has the same key with other content", "Keep the row that is right";
        /// (d) The row has another number of fields than the header.
        FieldCount = "field_count", "格数与表头不同", "请对照原表补齐或去掉多出的分隔符",
            "The row has another number of fields than the header", "Complete the row, or remove the surplus separator";
        /// (d) The row has bytes that are no text.
        Undecodable = "undecodable", "这一行有乱码", "请从系统重新导出",
            "The row has bytes that are no text", "Export it again from its system";
        /// (e) The household cannot be told.
        HouseholdUnknown = "household_unknown", "认不出是哪一户", "请补上户号或到门牌号的地址",
            "Its household cannot be told", "Add the household number, or the address down to the door";
    }
}

codes! {
    /// What was noted on a row that was taken: the value stays as it came and is not used.
    WarningCode {
        /// Digits of the identity number are hidden.
        IdMasked = "id_masked", "证件号带星号", "已收，证件号不参与匹配。请报送完整证件号",
            "Digits of the identity number are hidden", "Taken; the number is not used. Send the whole number";
        /// A spreadsheet has rounded the identity number.
        IdRounded = "id_rounded", "证件号被当作数字保存，后几位已丢失", "请把该列设为文本后重新导出",
            "The identity number was stored as a number and lost its last digits", "Set the column to text and export it again";
        /// The identity number has another length than 18 or 15.
        IdLength = "id_length", "证件号位数不对", "请对照户口簿或证件补全",
            "The identity number has the wrong length", "Complete it from the document";
        /// The identity number has characters that do not belong there.
        IdCharacters = "id_characters", "证件号里有不该有的字", "请只填证件号",
            "The identity number has characters that do not belong there", "Write the number alone";
        /// The check character does not fit.
        IdCheck = "id_check", "证件号校验位不符", "末位或前面某位有误，请对照户口簿",
            "The check digit of the identity number does not fit", "One digit is wrong; compare it with the document";
        /// The birth date in the identity number does not exist, or lies in the future.
        IdBirth = "id_birth", "证件号里的出生日期不存在", "请对照户口簿或证件改正",
            "The birth date in the identity number does not exist", "Correct it from the document";
        /// The first digits of the identity number are no province.
        IdProvince = "id_province", "证件号开头不是行政区划代码", "请对照户口簿或证件改正",
            "The identity number does not begin with a province", "Correct it from the document";
        /// The identity number is an adult's where a child is listed.
        IdAdult = "id_adult", "疑为成人的证件号", "可能是家长的，请改填儿童本人的证件号",
            "The identity number is an adult's", "It may be a parent's; write the child's own";
        /// The identity number says another birth date than its column: the number is not used.
        IdAgainstBirth = "id_against_birth", "证件号与出生日期不是同一个人", "请核对两格，改正错的一格",
            "Identity number and birth date are not of one person", "Check both cells and correct the wrong one";
        /// The birth date differs a little from the one in the identity number: the birth date is not used.
        BirthAgainstId = "birth_against_id", "出生日期与证件号不一致", "已按证件号；请核对出生日期",
            "The birth date differs from the identity number", "The number is used; check the birth date";
        /// Sex differs from the identity number.
        SexAgainstId = "sex_against_id", "性别与证件号不一致", "已按证件号；请核对性别",
            "The sex differs from the identity number", "The number is used; check the sex";
        /// Sex cannot be read.
        SexUnreadable = "sex_unreadable", "性别读不出", "请填男或女",
            "The sex cannot be read", "Write 男 or 女";
        /// The birth date does not exist.
        BirthImpossible = "birth_impossible", "没有这个出生日期", "请核对年月日",
            "There is no such birth date", "Check year, month and day";
        /// The birth date lies in the future.
        BirthFuture = "birth_future", "出生日期晚于今天", "请核对年份",
            "The birth date lies in the future", "Check the year";
        /// The birth date can mean several days.
        BirthAmbiguous = "birth_ambiguous", "出生日期可以有几种读法", "请写成 2013-03-06 的样子",
            "The birth date can mean several days", "Write it like 2013-03-06";
        /// The birth date is a month or a year only.
        BirthIncomplete = "birth_incomplete", "出生日期不到日", "请补上日",
            "The birth date has no day", "Add the day";
        /// The birth date cannot be read.
        BirthUnreadable = "birth_unreadable", "出生日期读不出", "请写成 2013-03-06 的样子",
            "The birth date cannot be read", "Write it like 2013-03-06";
        /// A day does not exist.
        DayImpossible = "day_impossible", "日历上没有这一天", "请核对年月日",
            "The calendar has no such day", "Check year, month and day";
        /// A day lies in the future.
        DayFuture = "day_future", "日期晚于今天", "请核对年份",
            "The day lies in the future", "Check the year";
        /// A day can mean several.
        DayAmbiguous = "day_ambiguous", "日期可以有几种读法", "请写成 2013-03-06 的样子",
            "The day can mean several", "Write it like 2013-03-06";
        /// A day is a month or a year only.
        DayIncomplete = "day_incomplete", "日期不到日", "请补上日",
            "The day is a month or a year only", "Add the day";
        /// A day cannot be read.
        DayUnreadable = "day_unreadable", "日期读不出", "请写成 2013-03-06 的样子",
            "The day cannot be read", "Write it like 2013-03-06";
        /// Digits of a phone are hidden.
        PhoneMasked = "phone_masked", "电话带星号", "请报送完整号码",
            "Digits of the phone are hidden", "Send the whole number";
        /// A spreadsheet has rounded a phone.
        PhoneRounded = "phone_rounded", "电话被当作数字保存，已丢位", "请把该列设为文本后重新导出",
            "The phone was stored as a number and lost digits", "Set the column to text and export it again";
        /// A phone is no number in use.
        PhoneWrong = "phone_wrong", "电话号码不对", "手机 11 位，座机加区号；请核对",
            "The phone is no number in use", "A mobile has 11 digits, a land line an area code; check it";
        /// An area is not in the list.
        AreaUnknown = "area_unknown", "区划名录里没有这个地方", "请按名录写区、街道、社区",
            "The area is not in the list", "Write district, sub-district and community as listed";
        /// A formula failed.
        FormulaError = "formula_error", "公式出错，没有值", "请在表里改好公式，粘贴为值后再导出",
            "A formula failed and left no value", "Mend the formula, paste as values, and export again";
        /// The value is still to be verified.
        Pending = "pending", "标注为待核", "核实后请在下一批更正",
            "It is marked as still to be verified", "Correct it in the next delivery";
        /// A name is there in part.
        NamePartial = "name_partial", "姓名不全", "请填写全名",
            "The name is there in part only", "Write the whole name";
        /// There are several names in one cell.
        NameSeveral = "name_several", "一格里有几个名字", "请一人一行",
            "There are several names in one cell", "Write one person in a row";
        /// A name cannot be read.
        NameUnreadable = "name_unreadable", "姓名读不出", "请填写姓名",
            "The name cannot be read", "Write the name";
        /// A number cannot be read, or lies outside its bounds.
        NumberUnreadable = "number_unreadable", "数字读不出或不合理", "请填合理的整数",
            "The number cannot be read or is out of bounds", "Write a whole number within reason";
        /// An earlier row has the same key with other content; both are taken.
        SameKey = "same_key", "与前面的行是同一条，内容不同", "两行都已收；重复的请删去一行，同名不同人请补证件号",
            "An earlier row has the same key with other content", "Both are taken; delete the one too many, or add identity numbers if they are two people";
        /// A cell was too long, or the row too wide, and was cut.
        Cut = "cut", "内容太长，已截短", "请缩短这一格",
            "The row was too long and was cut", "Shorten the cell";
    }
}

/// The letter under which the issue lists a reason for setting a row aside.
impl RejectionCode {
    /// `a` to `e`.
    pub fn letter(self) -> char {
        match self {
            Self::PersonMissing
            | Self::PersonUnreadable
            | Self::EmptyHome
            | Self::RequiredEmpty
            | Self::RequiredUnreadable => 'a',
            Self::EventImpossible | Self::EventFuture => 'b',
            Self::KeyConflict => 'c',
            Self::FieldCount | Self::Undecodable => 'd',
            Self::HouseholdUnknown => 'e',
        }
    }
}

/// What a line of the file is that is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkippedKind {
    /// A title above the header, or above a later part of the table.
    Title,
    /// The header, or a repeat of it, or the numbers of the columns below it.
    Header,
    /// A blank line.
    Blank,
    /// A subtotal or total.
    Subtotal,
    /// A note: who filled it in, what it is about, an example.
    Note,
    /// A mark that nothing follows.
    EndMark,
}

impl SkippedKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Header, Self::Blank, Self::Subtotal, Self::Note, Self::EndMark];

    /// A name that never changes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Header => "header",
            Self::Blank => "blank",
            Self::Subtotal => "subtotal",
            Self::Note => "note",
            Self::EndMark => "end_mark",
        }
    }

    /// The word in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Title => "标题",
            Self::Header => "表头",
            Self::Blank => "空行",
            Self::Subtotal => "合计",
            Self::Note => "说明",
            Self::EndMark => "结束标记",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_key_and_words_of_its_own() {
        let mut keys: Vec<&str> = RejectionCode::ALL.iter().map(|code| code.key()).collect();
        keys.extend(WarningCode::ALL.iter().map(|code| code.key()));
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count);
        for code in RejectionCode::ALL {
            assert_eq!(RejectionCode::from_key(code.key()), Some(*code));
            assert!(!code.chinese().mend.is_empty() && !code.english().what.is_empty());
        }
    }
}
