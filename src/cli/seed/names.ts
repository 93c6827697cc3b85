/** Given and family names that go together; the people made of them are invented. */
export interface NameStock {
  given: readonly string[]
  family: readonly string[]
}

const stock = (given: string, family: string): NameStock => ({ given: given.split(' '), family: family.split(' ') })

export const NAMES = {
  alemannic: stock(
    'Lea Noemi Selina Ladina Annina Ursina Seraina Corinne Regula Vreni Barbara Petra Simone Nadja Flurina Mirjam Beat Urs Reto Jonas Lukas Nico Andrin Gian Silvan Pascal Matthias Dominik Severin Ruedi',
    'Ammann Brunner Egger Frehner Graf Hollenstein Inauen Koller Langenegger Manser Nef Oertle Preisig Rechsteiner Signer Sutter Tobler Zuberbühler Wettstein Zellweger Bischof Dörig Eugster Fässler Gmünder Knöpfel Mettler Rüesch Schläpfer Ebneter'
  ),
  romand: stock('Amélie Élodie Océane Mathilde Solène Clémence Bastien Loïc Yannick Thibault Gaël Quentin', 'Aubert Bonvin Chappuis Delacrétaz Favre Jaquet Monnard Pittet Rochat Tissot Vuilleumier Zufferey'),
  italian: stock('Chiara Giulia Elisa Ilaria Martina Beatrice Davide Matteo Lorenzo Simone Nicola Tommaso', 'Bernasconi Cattaneo Fontana Galli Lepori Mancini Pedrazzi Quadri Robbiani Soldati Tami Zanetti'),
  lusophone: stock(
    'Inês Beatriz Leonor Matilde Carolina Mariana Catarina Filipa Joana Sofia Teresa Benedita Tiago Duarte Gonçalo Afonso Vasco Martim Rodrigo Simão Nuno Henrique Tomás Lourenço',
    'Abrantes Barroso Carvalho Dias Esteves Figueira Gouveia Henriques Lacerda Magalhães Nogueira Oliveira Pinheiro Quintela Ramalho Serrano Teixeira Vasconcelos Amaral Bettencourt Correia Fonseca Moreira Valente'
  ),
  turkish: stock('Elif Zeynep Defne Aylin Derya Sevgi Emre Kerem Ozan Tolga Yusuf Barış', 'Aksoy Bulut Çelik Demirtaş Ekinci Güneş Kaplan Özkan Polat Şahin Tekin Yıldırım'),
  tamil: stock('Abirami Kavitha Nithya Priya Shanthi Yalini Arun Dinesh Karthik Pranavan Suresh Vimal', 'Arulanantham Balasingham Ganeshan Kanagaratnam Mahendran Nadarajah Paramanathan Ratnasingam Selvarajah Sivakumar Thavarasa Yogarajah'),
  balkan: stock('Ana Ivana Jelena Milica Mirela Sanja Bojan Dejan Edin Mirko Luka Stefan', 'Babić Drašković Hadžić Ilić Jurić Kovačević Lukić Marković Nikolić Petrović Tomić Vuković'),
  albanian: stock('Albana Besa Drita Fjolla Teuta Valbona Arben Blerim Driton Fatos Ilir Luan', 'Berisha Dervishi Gashi Hajdari Krasniqi Morina Osmani Rexhepi Shala Tahiri Zeqiri Bytyqi'),
  polish: stock('Agnieszka Dorota Ewelina Kasia Magda Zofia Bartosz Grzegorz Jakub Maciej Paweł Tomasz', 'Adamczyk Borkowski Czarnecki Dudek Górski Jabłoński Kaczmarek Mazur Pawlak Sikora Wilk Zając'),
  yoruba: stock('Adaeze Bolanle Folake Ngozi Temitope Yetunde Babatunde Chidi Femi Kunle Obinna Segun', 'Adebayo Afolabi Balogun Ezekwe Falade Idowu Nwosu Ogunleye Okafor Olatunji Onyeka Shonibare'),
  vietnamese: stock('Anh Hạnh Lan Linh Mai Thảo Bảo Đức Hùng Khoa Minh Tuấn', 'Bùi Đặng Đỗ Dương Hoàng Huỳnh Lê Ngô Phan Trịnh Võ Vũ'),
  japanese: stock('Aoi Emi Hana Kaori Naoko Yui Daichi Kenta Makoto Ren Shota Takumi', 'Aoki Fujita Hayashi Ishikawa Kato Maeda Nakagawa Okada Sakai Takeda Ueno Yamashita'),
  arabic: stock('Amina Dalia Hiba Layla Nour Salma Bilal Faris Hamza Karim Omar Tariq', 'Abdallah Bakri Darwish Fakhoury Haddad Jaber Khalil Mansour Nasser Qasim Rahal Zaidan'),
  hindi: stock('Ananya Divya Ishita Kiran Meera Pooja Aditya Harsh Manish Nikhil Rohan Vivek', 'Agarwal Bhatt Chauhan Deshmukh Gupta Iyer Joshi Kulkarni Mehra Pillai Rao Saxena'),
  english: stock('Alice Charlotte Eleanor Harriet Imogen Rosie Alfie Callum Euan George Owen Rhys', 'Ashworth Barlow Chadwick Davies Entwistle Fletcher Hargreaves Kirkby Lockwood Pritchard Thornton Whitaker')
} as const satisfies Record<string, NameStock>

export type Culture = keyof typeof NAMES
